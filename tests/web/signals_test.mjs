// SPDX-License-Identifier: Apache-2.0
//
// signals_test.mjs - the explorer: a window that is dragged is the question; all of it is in the
// address.
import assert from "node:assert";
import { readFileSync } from "node:fs";

async function drag(page, from, to) {
    const box = await page.locator(".u-over").boundingBox();
    await page.mouse.move(box.x + from * box.width, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + to * box.width, box.y + box.height / 2, { steps: 4 });
    await page.mouse.up();
}

async function chosen(page, address) {
    await page.goto(`${address}/signals?span=1h`);
    await page
        .locator("table a")
        .filter({ hasText: 'node_disk_io_time_seconds_total{device="sda"' })
        .click();
    await page.locator(".u-over").waitFor();
}

export const tests = {
    async a_window_that_is_dragged_ranks_all_signals({ page, address }) {
        await chosen(page, address);
        await drag(page, 0.7, 0.95);
        await page.getByText(/Ranked by the window from/).waitFor();
        const url = new URL(page.url());
        assert(Date.parse(url.searchParams.get("from")) < Date.parse(url.searchParams.get("to")));
        const ranked = page.getByRole("region", { name: "Signals, oddest in the window first" });
        await ranked.locator("tbody tr").first().filter({ hasText: "node_disk_io_time" }).waitFor();
        await page.reload();
        await page.getByText(/Ranked by the window from/).waitFor();
        assert.equal(page.url(), url.href);
        await page.goBack();
        await page.getByText(/Who was odder in this span/).waitFor();
    },

    async a_chart_has_its_table_and_files({ page, address }) {
        await chosen(page, address);
        const chart = page.locator("figure.chart");
        await chart.getByText("As a table").click();
        await chart.getByRole("columnheader", { name: "surprise" }).waitFor();
        for (const [name, begins] of [
            ["CSV", "time,actual"],
            ["JSON", "["],
            ["PNG", "\x89PNG"],
        ]) {
            const [file] = await Promise.all([
                page.waitForEvent("download"),
                chart.getByRole("button", { name }).click(),
            ]);
            assert(readFileSync(await file.path(), "latin1").startsWith(begins), name);
            assert(file.suggestedFilename().endsWith(`.${name.toLowerCase()}`));
        }
    },

    async brushes_of_patterns_move_by_mouse_and_by_keys({ page, address }) {
        await page.goto(`${address}/patterns`);
        await page.locator("tbody tr").first().waitFor();
        await page.getByLabel("now, beginning").focus();
        await page.keyboard.press("ArrowLeft");
        await page.waitForURL(/now=\d+-60/);
        const box = await page.locator(".brushes svg").boundingBox();
        await page.mouse.move(box.x + box.width * 0.8, box.y + 20);
        await page.mouse.down();
        await page.mouse.move(box.x + box.width * 0.9, box.y + 20, { steps: 3 });
        await page.mouse.up();
        await page.waitForURL(/now=48-54/);
        await page.locator("a.pattern").filter({ hasText: "paid in" }).click();
        await page.getByRole("heading", { name: /num\s+\d+ values/ }).waitFor();
    },

    async sql_is_answered_as_table_and_plot({ page, address }) {
        await page.goto(`${address}/sql`);
        await page
            .getByLabel("A statement of SQL")
            .fill("SELECT time, sum(lines) AS lines FROM rates GROUP BY 1 ORDER BY 1");
        await page.keyboard.press("Control+Enter");
        await page.locator("figure.chart .u-over").waitFor();
        assert(page.url().includes("q=SELECT"));
        await page.getByLabel("A statement of SQL").fill("SELECT nothing FROM nowhere");
        await page.keyboard.press("Control+Enter");
        await page
            .getByRole("alert")
            .getByText(/nowhere/)
            .waitFor();
    },
};
