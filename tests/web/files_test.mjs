// SPDX-License-Identifier: Apache-2.0
//
// files_test.mjs - the files of the page, as the server gives them.
import assert from "node:assert";
import { get } from "node:http";

const BYTES_MAX = 250e3;

// As it comes over the wire, not unpacked.
function fetchRaw(url, headers) {
    return new Promise((resolve, reject) => {
        get(url, { headers }, (answer) => {
            let size = 0;
            answer.on("data", (bytes) => {
                size += bytes.length;
            });
            answer.on("end", () =>
                resolve({ status: answer.statusCode, headers: answer.headers, size }),
            );
        }).on("error", reject);
    });
}

const HTML = { Accept: "text/html", "Accept-Encoding": "gzip" };

export const tests = {
    async the_page_is_small_packed_and_asks_nobody_else({ page, address }) {
        const urls = new Set();
        page.on("request", (request) => urls.add(request.url()));
        await page.goto(address);
        await page.locator(".card").first().waitFor();
        assert(
            [...urls].every((url) => url.startsWith(address)),
            [...urls].join("\n"),
        );
        let size = 0;
        for (const url of urls) {
            if (url.includes("/api/")) continue;
            const told = await fetchRaw(url, HTML);
            assert.equal(told.headers["content-encoding"], "gzip", url);
            assert.match(told.headers["content-security-policy"], /^default-src 'self';/);
            size += told.size;
        }
        assert(size <= BYTES_MAX, `${size} bytes`);
    },

    async who_has_a_file_is_told_so_and_a_named_one_is_kept({ page, address }) {
        await page.goto(address);
        const script = await page.locator("script").getAttribute("src");
        const told = await fetchRaw(address + script, HTML);
        assert.match(told.headers["cache-control"], /immutable/);
        const root = await fetchRaw(address, HTML);
        assert.equal(root.headers["cache-control"], "no-cache");
        const again = await fetchRaw(address, { ...HTML, "If-None-Match": root.headers.etag });
        assert.deepEqual([again.status, again.size], [304, 0]);
        const plain = await fetchRaw(address, { Accept: "text/html" });
        assert(plain.headers["content-encoding"] === undefined && plain.size > root.size);
        assert.equal((await fetchRaw(`${address}/web/none.js`, HTML)).status, 404);
    },

    async clients_of_elasticsearch_are_told_what_they_ask({ page, address }) {
        for (const accept of ["*/*", "application/json", "application/vnd.elasticsearch+json"]) {
            const told = await page.request.get(address, { headers: { Accept: accept } });
            assert.equal((await told.json()).tagline, "You Know, for Search");
        }
    },
};
