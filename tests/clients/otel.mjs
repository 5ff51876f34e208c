// SPDX-License-Identifier: Apache-2.0
// otel.mjs KIND ADDRESS - the OpenTelemetry SDK sends 250 log records, 3 metrics and 20 spans.
// KIND: http (JSON), proto (protobuf over HTTP), grpc.  ADDRESS: "http://127.0.0.1:4318".
// Ends with 0 when every export was reported as a success.
import { LoggerProvider, BatchLogRecordProcessor } from "@opentelemetry/sdk-logs";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { resourceFromAttributes } from "@opentelemetry/resources";

const [kind, address] = process.argv.slice(2);
const failures = [];
const exports = { logs: 0, metrics: 0, traces: 0 };

async function exporter(signal, name) {
    const module = await import(
        `@opentelemetry/exporter-${signal === "traces" ? "trace" : signal}-otlp-${kind}`
    );
    const url = kind === "grpc" ? address : `${address}/v1/${signal}`;
    const one = new module[name]({ url, compression: "gzip", timeoutMillis: 4000 });
    const send = one.export.bind(one);
    one.export = (items, done) =>
        send(items, (result) => {
            exports[signal] += 1;
            if (result.code !== 0) failures.push(`${signal}: ${result.error}`);
            done(result);
        });
    return one;
}

const resource = resourceFromAttributes({ "service.name": `shop-${kind}`, "host.name": "box" });

const loggers = new LoggerProvider({
    resource,
    processors: [new BatchLogRecordProcessor(await exporter("logs", "OTLPLogExporter"))],
});
const logger = loggers.getLogger("clients");
for (let i = 0; i < 250; i++)
    logger.emit({
        severityNumber: 9,
        severityText: "INFO",
        body: `order ${i} shipped to user ${i % 7}`,
        attributes: { "order.id": i, paid: true },
    });
await loggers.shutdown();

const meters = new MeterProvider({
    resource,
    readers: [
        new PeriodicExportingMetricReader({
            exporter: await exporter("metrics", "OTLPMetricExporter"),
            exportIntervalMillis: 60000,
        }),
    ],
});
const meter = meters.getMeter("clients");
meter.createCounter("orders").add(250, { region: "eu" });
meter.createGauge("queue.length").record(17);
const histogram = meter.createHistogram("latency", { unit: "ms" });
for (let i = 0; i < 100; i++) histogram.record(i);
await meters.shutdown();

const tracers = new BasicTracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor(await exporter("traces", "OTLPTraceExporter"))],
});
const tracer = tracers.getTracer("clients");
for (let i = 0; i < 20; i++)
    tracer
        .startSpan(`GET /orders/${i}`, { attributes: { "http.response.status_code": 200 } })
        .end();
await tracers.shutdown();

for (const [signal, count] of Object.entries(exports))
    if (count === 0) failures.push(`${signal}: nothing was exported`);
for (const failure of failures) console.error(failure);
process.exit(failures.length > 0 ? 1 : 0);
