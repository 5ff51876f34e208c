// SPDX-License-Identifier: Apache-2.0
//
// empty_test.mjs - a server that nothing was sent to yet.
export const tests = {
    async an_empty_server_says_how_to_send({ page, address }) {
        await page.goto(address);
        await page.getByRole("heading", { name: "Nothing has come yet." }).waitFor();
        await page.getByText(`${address}/ingest?source=app`).waitFor();
        await page.getByText("Nobody was odd in this span.").waitFor();
    },

    async a_calm_server_says_since_when_and_what_it_watches({ page, address }) {
        const at = Date.now() - 3600e3;
        const rows = Array.from(
            { length: 1200 },
            (_, row) => `${new Date(at + row * 3000).toISOString()} INFO tick ${row} of the clock`,
        );
        await page.request.post(`${address}/ingest?source=clock`, { data: rows.join("\n") + "\n" });
        await page.waitForTimeout(300);
        await page.goto(address);
        await page.getByRole("heading", { name: /^Nothing odd since \d\d:\d\d\.$/ }).waitFor();
        await page.getByText(/Watching \d+ signals? from \d+ sources?\./).waitFor();
        await page.getByText("learning", { exact: true }).waitFor();
    },
};
