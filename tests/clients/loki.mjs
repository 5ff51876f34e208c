// SPDX-License-Identifier: Apache-2.0
// loki.mjs KIND ADDRESS - winston's Loki transport sends 200 lines.  KIND: json, or protobuf (in
// snappy).
// Ends with 0 when no batch failed.
import winston from "winston";
import LokiTransport from "winston-loki";

const [kind, address] = process.argv.slice(2);
const failures = [];
const transport = new LokiTransport({
    host: address,
    json: kind === "json",
    labels: { app: `shop-${kind}` },
    format: winston.format.simple(),
    batching: true,
    interval: 1,
    timeout: 10000,
    replaceTimestamp: true,
    onConnectionError: (error) => failures.push(error),
});
const logger = winston.createLogger({ transports: [transport] });
for (let i = 0; i < 200; i++) logger.info(`order ${i} shipped`);
await new Promise((resolve) => setTimeout(resolve, 300));
await transport.flush();
if (failures.length > 0) {
    console.error(failures[0]);
    process.exit(1);
}
process.exit(0);
