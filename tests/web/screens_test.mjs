// SPDX-License-Identifier: Apache-2.0
//
// screens_test.mjs - each screen: nothing that axe calls a fault, in light and dark; all of it
// within a narrow phone and at 200 percent.
import assert from "node:assert";
import { readFileSync } from "node:fs";

const axe = readFileSync(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
// The dark theme differs in its colours alone.
const COLOURS = { runOnly: ["color-contrast", "link-in-text-block"], resultTypes: ["violations"] };
const RULES = {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    resultTypes: ["violations"],
};

export async function paths(page, address) {
    const of = async (what) =>
        (await (await page.request.get(`${address}/api/v1/${what}`)).json()).items;
    const incident = (await of("incidents")).find(({ sentence }) => sentence.includes("No space"));
    const finding = (await of("findings")).find(({ kind }) => kind === "high");
    const pattern = (await of("patterns")).find((one) => one.pattern.includes("paid"));
    const signal = (await of("signals?name=node_disk_io")).find(({ series }) =>
        series.includes("sda"),
    );
    return {
        now: "/",
        incident: `/i/${incident.id}`,
        finding: `/f/${finding.id}`,
        patterns: `/patterns?id=${pattern.id}&source=shop`,
        signals: `/signals?span=1h&id=${signal.id}`,
        models: "/models",
        drift: "/models/credit",
        quality: "/models/credit?part=quality",
        segments: "/models/credit?part=segments",
        spread: "/models/credit?part=spread",
        questions: "/questions",
        sources: "/sources",
        rules: "/rules",
        sql: "/sql?q=SELECT+time,+sum(lines)+AS+lines+FROM+rates+GROUP+BY+1+ORDER+BY+1",
        settings: "/settings",
        lost: "/web-of-lies",
    };
}

export async function settled(page) {
    await page.locator("h1, .empty h2").first().waitFor();
    await page.waitForFunction(
        () => document.querySelectorAll(".loading, [aria-busy]").length === 0,
    );
}

async function faults(page, rules = RULES) {
    await page.evaluate(axe);
    const { violations } = await page.evaluate((chosen) => window.axe.run(document, chosen), rules);
    return violations.map(
        ({ id, nodes }) =>
            `${id}: ${nodes
                .slice(0, 3)
                .map(
                    ({ html, failureSummary }) =>
                        `${html.slice(0, 160)} (${failureSummary.slice(0, 200)})`,
                )
                .join("; ")}`,
    );
}

async function tooWide(page, width, height) {
    await page.setViewportSize({ width, height });
    return page.evaluate(() => document.documentElement.scrollWidth > innerWidth + 1);
}

export const tests = {
    async each_screen_is_for_everybody({ page, address, check }) {
        for (const [name, path] of Object.entries(await paths(page, address))) {
            if (name === "lost") continue;
            await page.setViewportSize({ width: 1280, height: 900 });
            await page.emulateMedia({ colorScheme: "light" });
            await page.goto(address + path);
            await settled(page);
            const found = await faults(page);
            await page.emulateMedia({ colorScheme: "dark" });
            await page.waitForTimeout(30);
            found.push(...(await faults(page, COLOURS)));
            check(`axe_finds_no_fault_in_${name}`, found.length === 0, found.join("\n"));
            const wide = [];
            for (const [width, height] of [
                [390, 844],
                [640, 450],
            ])
                if (await tooWide(page, width, height)) wide.push(width);
            check(`${name}_is_within_a_phone_and_200_percent`, wide.length === 0, `wider: ${wide}`);
        }
    },

    async the_dialogs_are_for_everybody({ page, address }) {
        await page.goto(address);
        await page.locator(".card").first().waitFor();
        for (const key of ["e", "?", "Control+k"]) {
            await page.keyboard.press(key);
            await page.locator("dialog").waitFor();
            assert.deepEqual(await faults(page), [], key);
            await page.keyboard.press("Escape");
            await page.locator("dialog").waitFor({ state: "detached" });
        }
    },
};
