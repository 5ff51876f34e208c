// SPDX-License-Identifier: Apache-2.0
//
// keys_test.mjs - where the keys go: help, palette, spans, search, theme.
import assert from "node:assert";

export const tests = {
    async help_and_palette_open_by_keys_and_close_by_escape({ page, address }) {
        await page.goto(address);
        await page.locator(".card").first().waitFor();
        await page.keyboard.press("?");
        await page.getByRole("heading", { name: "Keys" }).waitFor();
        await page.keyboard.press("Escape");
        await page.locator("dialog").waitFor({ state: "detached" });
        await page.keyboard.press("Control+k");
        await page.keyboard.type("sourc");
        await page.keyboard.press("Enter");
        await page.waitForURL(`${address}/sources`);
        await page.keyboard.press("Control+k");
        await page.keyboard.type("no space");
        await page.getByRole("option").filter({ hasText: "No space left" }).waitFor();
        await page.keyboard.press("Enter");
        await page.waitForURL(/\/i\/[0-9a-f]{16}/);
        await page.getByRole("heading", { name: "Cause first" }).waitFor();
    },

    async brackets_move_the_span_and_the_address_keeps_it({ page, address }) {
        await page.goto(`${address}/?span=1h`);
        await page.locator(".span").waitFor();
        await page.keyboard.press("[");
        await page.waitForURL(/until=/);
        const kept = page.url();
        await page.getByRole("heading", { name: "What is odd then" }).waitFor();
        await page.reload();
        assert.equal(page.url(), kept);
        await page.keyboard.press("]");
        await page.waitForURL((url) => !url.search.includes("until"));
    },

    async slash_searches_and_j_k_walk({ page, address }) {
        await page.goto(`${address}/patterns`);
        await page.locator("tbody tr").first().waitFor();
        await page.keyboard.press("/");
        await page.keyboard.type("paid");
        await page.waitForURL(/name=paid/);
        assert.equal(await page.locator("tbody tr").count(), 1);
        await page.goto(address);
        await page.locator(".card").nth(1).waitFor();
        for (const key of ["j", "j", "k"]) await page.keyboard.press(key);
        await page.locator(".card.on[data-row='0']").waitFor();
    },

    async theme_and_zone_are_of_the_system_until_they_are_chosen({ page, address }) {
        const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
        await page.emulateMedia({ colorScheme: "dark" });
        await page.goto(`${address}/settings`);
        await page.getByRole("button", { name: "UTC" }).waitFor();
        assert.equal(await theme(), "dark");
        await page.getByRole("button", { name: "light", exact: true }).click();
        assert.equal(await theme(), "light");
        await page.getByRole("button", { name: "as the system" }).click();
        await page.emulateMedia({ colorScheme: "light" });
        await page.waitForFunction(() => document.documentElement.dataset.theme === "light");
        await page.getByRole("button", { name: "UTC" }).click();
        await page.goto(address);
        await page.locator(".zone", { hasText: "UTC" }).waitFor();
        await page.evaluate(() => localStorage.clear());
    },
};
