/* SPDX-License-Identifier: Apache-2.0
 *
 * otlp_requests.h - requests as the reference implementation encodes them.
 *
 * Written by tests/tools/otlp_requests.py with opentelemetry-proto 1.45.2:
 * protobuf in hexadecimal, and the same in JSON. */
#ifndef TESTS_OTLP_REQUESTS_H
#define TESTS_OTLP_REQUESTS_H

static const char otlp_logs_hex[] =
    "0ac1030a3e0a160a0c736572766963652e6e616d6512060a0473686f700a140a09686f73742e6e616d6512070a05"
    "7765622d310a0e0a087265706c696361731202180312d5020a0b0a04636172741203312e3212cc01091599ef21da"
    "c5ea1810111a054552524f522a1c0a1a7061796d656e7420226465636c696e6564220ac3bcc39fe282ac32120a0b"
    "687474702e737461747573120318f60332080a026f6b1202100032120a05726174696f1209219a9999999999b93f"
    "320b0a076e6f7468696e671200320b0a0372617712043a0200ff32100a0366617212091881808080808080103210"
    "0a036f6464120921000000000000f87f380245010000004a10000102030405060708090a0b0c0d0e0f5208f0f1f2"
    "f3f4f5f6f7591699ef21dac5ea1812621a075761726e696e672a40323e0a300a046c69737412282a260a0218010a"
    "050a0374776f0a022a000a1532130a110a0464656570120921000000000000f8bf0a0a0a016212053a0361626359"
    "1799ef21dac5ea18620c636172742e656d7074696564121310091a064e6f746963656207737461727465641a2768"
    "747470733a2f2f6f70656e74656c656d657472792e696f2f736368656d61732f312e33302e300a2a0a150a130a09"
    "686f73742e6e616d6512060a0464622d311211120f10182a0b18f9ffffffffffffffff010a0412021200";

static const char otlp_logs_text[] =
    "{\"resourceLogs\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":{\"str"
    "ingValue\":\"shop\"}},{\"key\":\"host.name\",\"value\":{\"stringValue\":\"web-1\"}},{\"key\""
    ":\"replicas\",\"value\":{\"intValue\":\"3\"}}]},\"scopeLogs\":[{\"scope\":{\"name\":\"cart\""
    ",\"version\":\"1.2\"},\"logRecords\":[{\"timeUnixNano\":\"1795464942123456789\",\"severityNu"
    "mber\":17,\"severityText\":\"ERROR\",\"body\":{\"stringValue\":\"payment \\\"declined\\\"\\n"
    "\303\274\303\237\342\202\254\"},\"attributes\":[{\"key\":\"http.status\",\"value\":{\"intVal"
    "ue\":\"502\"}},{\"key\":\"ok\",\"value\":{\"boolValue\":false}},{\"key\":\"ratio\",\"value\""
    ":{\"doubleValue\":0.1}},{\"key\":\"nothing\",\"value\":{}},{\"key\":\"raw\",\"value\":{\"byt"
    "esValue\":\"AP8=\"}},{\"key\":\"far\",\"value\":{\"intValue\":\"9007199254740993\"}},{\"key"
    "\":\"odd\",\"value\":{\"doubleValue\":\"NaN\"}}],\"droppedAttributesCount\":2,\"flags\":1,\""
    "traceId\":\"000102030405060708090a0b0c0d0e0f\",\"spanId\":\"f0f1f2f3f4f5f6f7\",\"observedTim"
    "eUnixNano\":\"1795464942123456790\"},{\"severityText\":\"Warning\",\"body\":{\"kvlistValue\""
    ":{\"values\":[{\"key\":\"list\",\"value\":{\"arrayValue\":{\"values\":[{\"intValue\":\"1\"},"
    "{\"stringValue\":\"two\"},{\"arrayValue\":{}},{\"kvlistValue\":{\"values\":[{\"key\":\"deep"
    "\",\"value\":{\"doubleValue\":-1.5}}]}}]}}},{\"key\":\"b\",\"value\":{\"bytesValue\":\"YWJj"
    "\"}}]}},\"observedTimeUnixNano\":\"1795464942123456791\",\"eventName\":\"cart.emptied\"},{\""
    "severityNumber\":9,\"severityText\":\"Notice\",\"eventName\":\"started\"}]}],\"schemaUrl\":"
    "\"https://opentelemetry.io/schemas/1.30.0\"},{\"resource\":{\"attributes\":[{\"key\":\"host."
    "name\",\"value\":{\"stringValue\":\"db-1\"}}]},\"scopeLogs\":[{\"logRecords\":[{\"severityNu"
    "mber\":24,\"body\":{\"intValue\":\"-7\"}}]}]},{\"scopeLogs\":[{\"logRecords\":[{}]}]}]}";

static const char otlp_metrics_hex[] =
    "0abe060a590a160a0c736572766963652e6e616d6512060a0473686f700a1c0a13736572766963652e696e737461"
    "6e63652e696412050a03692d310a140a09686f73742e6e616d6512070a057765622d310a0b0a047a6f6e6512030a"
    "016212e0050a090a0772756e74696d65129b010a1770726f636573732e6370752e7574696c697a6174696f6e1205"
    "6f662069741a01312a760a51191599ef21dac5ea1821000000000000d03f3a120a086370752e6d6f646512060a04"
    "757365723a0a0a04636f7265120218033a080a026f6e120210013a130a046c697374120b2a090a0218010a030a01"
    "780a0b191599ef21dac5ea1840010a09191599ef21dac5ea180a0921000000000000f03f125a0a08726571756573"
    "74733a4e0a1b110100000000000000191599ef21dac5ea1831fbffffffffffffff0a2b191599ef21dac5ea183107"
    "000000000000003a170a0c736572766963655f6e616d6512070a056f746865721002180112162a140a12191599ef"
    "21dac5ea1821000000000000f03f12a2020a077365636f6e64734a96020a6a191599ef21dac5ea18210600000000"
    "00000029000000000000254032180100000000000000020000000000000003000000000000003a10000000000000"
    "d03f00000000000014404a0f0a05726f75746512060a042f61226259000000000000c03f6100000000000022400a"
    "12191599ef21dac5ea182104000000000000000a1c191599ef21dac5ea1821040000000000000032080400000000"
    "0000000a36191599ef21dac5ea182103000000000000003210010000000000000002000000000000003a10000000"
    "000000f03f00000000000000400a3e191599ef21dac5ea1821030000000000000032180100000000000000010000"
    "000000000001000000000000003a100000000000000040000000000000f03f12400a05627974657352370a351915"
    "99ef21dac5ea18210900000000000000290000000000000c40300439010000000000000042041202030569000000"
    "0000000040125a0a036c61675a530a51191599ef21dac5ea1821020000000000000029000000000000f07f321209"
    "000000000000e03f11000000000000f83f321209000000000000f03f1100000000000004403a0c0a05746f706963"
    "12030a0174";

static const char otlp_metrics_text[] =
    "{\"resourceMetrics\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":{\""
    "stringValue\":\"shop\"}},{\"key\":\"service.instance.id\",\"value\":{\"stringValue\":\"i-1\""
    "}},{\"key\":\"host.name\",\"value\":{\"stringValue\":\"web-1\"}},{\"key\":\"zone\",\"value\""
    ":{\"stringValue\":\"b\"}}]},\"scopeMetrics\":[{\"scope\":{\"name\":\"runtime\"},\"metrics\":"
    "[{\"name\":\"process.cpu.utilization\",\"description\":\"of it\",\"unit\":\"1\",\"gauge\":{"
    "\"dataPoints\":[{\"timeUnixNano\":\"1795464942123456789\",\"asDouble\":0.25,\"attributes\":["
    "{\"key\":\"cpu.mode\",\"value\":{\"stringValue\":\"user\"}},{\"key\":\"core\",\"value\":{\"i"
    "ntValue\":\"3\"}},{\"key\":\"on\",\"value\":{\"boolValue\":true}},{\"key\":\"list\",\"value"
    "\":{\"arrayValue\":{\"values\":[{\"intValue\":\"1\"},{\"stringValue\":\"x\"}]}}}]},{\"timeUn"
    "ixNano\":\"1795464942123456789\",\"flags\":1},{\"timeUnixNano\":\"1795464942123456789\"},{\""
    "asDouble\":1.0}]}},{\"name\":\"requests\",\"sum\":{\"dataPoints\":[{\"startTimeUnixNano\":\""
    "1\",\"timeUnixNano\":\"1795464942123456789\",\"asInt\":\"-5\"},{\"timeUnixNano\":\"179546494"
    "2123456789\",\"asInt\":\"7\",\"attributes\":[{\"key\":\"service_name\",\"value\":{\"stringVa"
    "lue\":\"other\"}}]}],\"aggregationTemporality\":2,\"isMonotonic\":true}},{\"gauge\":{\"dataP"
    "oints\":[{\"timeUnixNano\":\"1795464942123456789\",\"asDouble\":1.0}]}},{\"name\":\"seconds"
    "\",\"histogram\":{\"dataPoints\":[{\"timeUnixNano\":\"1795464942123456789\",\"count\":\"6\","
    "\"sum\":10.5,\"bucketCounts\":[\"1\",\"2\",\"3\"],\"explicitBounds\":[0.25,5.0],\"attributes"
    "\":[{\"key\":\"route\",\"value\":{\"stringValue\":\"/a\\\"b\"}}],\"min\":0.125,\"max\":9.0},"
    "{\"timeUnixNano\":\"1795464942123456789\",\"count\":\"4\"},{\"timeUnixNano\":\"1795464942123"
    "456789\",\"count\":\"4\",\"bucketCounts\":[\"4\"]},{\"timeUnixNano\":\"1795464942123456789\""
    ",\"count\":\"3\",\"bucketCounts\":[\"1\",\"2\"],\"explicitBounds\":[1.0,2.0]},{\"timeUnixNan"
    "o\":\"1795464942123456789\",\"count\":\"3\",\"bucketCounts\":[\"1\",\"1\",\"1\"],\"explicitB"
    "ounds\":[2.0,1.0]}]}},{\"name\":\"bytes\",\"exponentialHistogram\":{\"dataPoints\":[{\"timeU"
    "nixNano\":\"1795464942123456789\",\"count\":\"9\",\"sum\":3.5,\"scale\":2,\"zeroCount\":\"1"
    "\",\"positive\":{\"bucketCounts\":[\"3\",\"5\"]},\"max\":2.0}]}},{\"name\":\"lag\",\"summary"
    "\":{\"dataPoints\":[{\"timeUnixNano\":\"1795464942123456789\",\"count\":\"2\",\"sum\":\"Infi"
    "nity\",\"quantileValues\":[{\"quantile\":0.5,\"value\":1.5},{\"quantile\":1.0,\"value\":2.5}"
    "],\"attributes\":[{\"key\":\"topic\",\"value\":{\"stringValue\":\"t\"}}]}]}}]}]}]}";

static const char otlp_traces_hex[] =
    "0a71126f12350a10000102030405060708090a0b0c0d0e0f1208f0f1f2f3f4f5f6f72a034745543002391599ef21"
    "dac5ea18411699ef21dac5ea1812360a10000102030405060708090a0b0c0d0e0f1208f0f1f2f3f4f5f6f72a0450"
    "4f53543002391599ef21dac5ea18411699ef21dac5ea18";

static const char otlp_traces_text[] =
    "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"traceId\":\"000102030405060708090a0b0c0d"
    "0e0f\",\"spanId\":\"f0f1f2f3f4f5f6f7\",\"name\":\"GET\",\"kind\":2,\"startTimeUnixNano\":\"1"
    "795464942123456789\",\"endTimeUnixNano\":\"1795464942123456790\"},{\"traceId\":\"00010203040"
    "5060708090a0b0c0d0e0f\",\"spanId\":\"f0f1f2f3f4f5f6f7\",\"name\":\"POST\",\"kind\":2,\"start"
    "TimeUnixNano\":\"1795464942123456789\",\"endTimeUnixNano\":\"1795464942123456790\"}]}]}]}";

#endif
