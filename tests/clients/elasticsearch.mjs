// SPDX-License-Identifier: Apache-2.0
// elasticsearch.mjs ADDRESS - the bulk helper of Elasticsearch's own client sends 1,000 documents.
// Ends with 0 when it reports that all were taken and none was dropped.
import { Client } from "@elastic/elasticsearch";

const client = new Client({ node: process.argv[2], maxRetries: 1, compression: true });
const info = await client.info();
const documents = Array.from({ length: 1000 }, (_, i) => ({
    "@timestamp": new Date(1764238000000 + i * 1000).toISOString(),
    message: `GET /cart/${i} 200 ${i % 50}ms`,
    host: { hostname: "web-1" },
    log: { level: i % 100 === 0 ? "error" : "info" },
}));
const dropped = [];
let result = {};
try {
    result = await client.helpers.bulk({
        datasource: documents,
        flushBytes: 20000,
        concurrency: 3,
        retries: 1,
        wait: 500,
        onDocument: () => ({ create: { _index: "logs-web-default" } }),
        onDrop: (item) => dropped.push(item),
    });
} catch (error) {
    console.error(error.message, JSON.stringify(error.meta?.body));
}
if (
    result.successful !== 1000 ||
    result.failed !== 0 ||
    dropped.length > 0 ||
    !info.version.number
) {
    console.error(info, result, dropped.slice(0, 3));
    process.exit(1);
}
