// SPDX-License-Identifier: Apache-2.0
//
// many_test.mjs - ten thousand findings: seven sentences still, and no stutter.
import assert from "node:assert";
import { settled } from "./screens_test.mjs";

// Generous: other tests run beside it.
const READY_MS = 15000;
const STUTTER_MS = 1000;

export const tests = {
    async ten_thousand_findings_are_seven_sentences({ page, address, wish }) {
        await wish({ do: "many", number: 10000 });
        const began = Date.now();
        await page.goto(`${address}/`);
        await page.locator(".card").nth(6).waitFor();
        assert.equal(await page.locator(".card").count(), 7);
        assert(Date.now() - began < READY_MS, `${Date.now() - began} ms`);
        await page.evaluate(() => {
            window.longest = 0;
            new PerformanceObserver((list) => {
                for (const { duration } of list.getEntries())
                    window.longest = Math.max(window.longest, duration);
            }).observe({ type: "longtask" });
        });
        await page.getByRole("button", { name: /less odd|There are more/ }).click();
        await page.locator(".card").nth(20).waitFor();
        for (let turn = 0; turn < 10; turn++) await page.keyboard.press("j");
        await page.locator(".card.on").waitFor();
        const longest = await page.evaluate(() => window.longest);
        assert(longest < STUTTER_MS, `a task of ${longest} ms`);
    },

    async the_other_screens_bear_them_too({ page, address }) {
        for (const path of ["/questions", "/rules", "/sources", "/sql?q=SELECT * FROM findings"]) {
            await page.goto(address + path);
            await settled(page);
            assert.equal(await page.locator(".problem").count(), 0, path);
        }
    },
};
