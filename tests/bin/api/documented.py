# SPDX-License-Identifier: Apache-2.0
"""documented.py - whether what is answered is what doc/openapi.json says."""
import schema


def check_schemas(server, report):
    document = server.get("/api/openapi.json")[1]
    dangling = []
    for reference in set(schema.references(document)):
        try:
            schema.resolved(document, {"$ref": reference})
        except KeyError:
            dangling.append(reference)
    report.check("every_reference_of_the_document_leads_somewhere", not dangling, dangling)
    span = "?from=1795464000&to=1795468000"
    for path, asked in (
            ("/api/v1/findings", "?limit=1"), ("/api/v1/findings/{id}", "f001"),
            ("/api/v1/findings/{id}/explain", "f007"), ("/api/v1/verdicts", ""),
            ("/api/v1/verdicts/{id}", "disks"), ("/api/v1/incidents", ""),
            ("/api/v1/incidents/{id}", "i1"), ("/api/v1/changes", ""), ("/api/v1/report", ""),
            ("/api/v1/patterns", ""),
            ("/api/v1/patterns/{id}/history", "0000000000000001" + span), ("/api/v1/sources", ""),
            ("/api/v1/signals", ""), ("/api/v1/signals/{id}/history", "up" + span),
            ("/api/v1/signals/{id}/history", "0000000000000001" + span),
            ("/api/v1/models", ""), ("/api/v1/models/{id}", "credit"),
            ("/api/v1/models/{id}/features", "credit"), ("/api/v1/models/{id}/quality", "credit"),
            ("/api/v1/models/{id}/segments", "credit"),
            ("/api/v1/models/{id}/calibration", "credit"),
            ("/api/v1/models/{id}/questions", "credit?count=2"),
            ("/api/v1/features", ""), ("/api/v1/features/{entity}", "u1"),
            ("/api/v1/features:entities", "?limit=1"), ("/api/v1/status", "")):
        name, _, query = asked.partition("?")
        place = path.replace("{id}", name).replace("{entity}", name)
        answer = server.get(place + (f"?{query}" if query else ""))[1]
        written = document["paths"][path]["get"]["responses"]["200"]
        wrong = schema.faults(document, written["content"]["application/json"]["schema"], answer)
        report.check(f"{path} answers as the document says", not wrong, "\n".join(wrong))
    answer = server.sql("many 1")[2]
    wrong = schema.faults(document, {"$ref": "#/components/schemas/SqlAnswer"}, answer)
    report.check("sql answers as the document says", not wrong, "\n".join(wrong))
