// SPDX-License-Identifier: Apache-2.0
//
// settings.jsx - how the server is and what it was told to be; only what is a matter of taste can
// be set here, and stays in this browser.
import { api, useAsk } from "../api.js";
import { Ago, Asked, Choice, Title } from "../parts.jsx";
import { taste } from "../taste.js";
import { bytes, integer, span } from "../words.js";

const FACTS = [
    ["version", "Version", (value) => value],
    ["started", "Started", (value) => <Ago time={value} />],
    ["ready", "Takes data", (value, status) => (value ? "yes" : `no: ${status.reason}`)],
    ["resident_bytes", "Memory", bytes],
    ["fold_bytes", "What is learnt", bytes],
    ["hot_bytes", "Not yet in the lake", bytes],
    ["journal_position", "Durable commits", integer],
    ["fold_position", "Learnt commits", integer],
    ["lag_s", "Behind", span],
    ["findings", "Findings", integer],
    ["last_checkpoint", "Last checkpoint", (value) => <Ago time={value} />],
    ["checkpoint_failures", "Checkpoints that failed", integer],
    ["lake_failures", "Questions to the lake that failed", integer],
    ["trouble", "Trouble", (value) => value ?? "none"],
];

function Taste() {
    return (
        <section class="panel" aria-label="In this browser">
            <h2>In this browser</h2>
            <div class="taste">
                <div>
                    Theme{" "}
                    <Choice
                        label="Theme"
                        value={taste.theme()}
                        onChoose={taste.setTheme}
                        options={[
                            ["system", "as the system"],
                            ["light", "light"],
                            ["dark", "dark"],
                        ]}
                    />
                </div>
                <div>
                    Times{" "}
                    <Choice
                        label="Times"
                        value={taste.utc() ? "utc" : "local"}
                        onChoose={(value) => taste.setUtc(value === "utc")}
                        options={[
                            ["local", "local"],
                            ["utc", "UTC"],
                        ]}
                    />
                </div>
                <label>
                    Your name, for verdicts{" "}
                    <input
                        type="text"
                        value={taste.author()}
                        maxLength={100}
                        onChange={(event) => taste.setAuthor(event.currentTarget.value)}
                    />
                </label>
            </div>
        </section>
    );
}

export function Settings() {
    const of = useAsk("settings", (signal) => api("status", { signal }));
    return (
        <>
            <Title
                sub={
                    "The server is set by its file and its options; oddball config show " +
                    "--effective prints them. Here is how it is."
                }
            >
                Settings
            </Title>
            <Taste />
            <Asked of={of} lines={8}>
                {(status) => (
                    <section aria-label="The server">
                        <h2>The server</h2>
                        <dl class="numbers">
                            {FACTS.map(([name, words, say]) => (
                                <div key={name}>
                                    <dt>{words}</dt>
                                    <dd>{say(status[name], status)}</dd>
                                </div>
                            ))}
                            {Object.entries(status.masked)
                                .filter(([, many]) => many > 0)
                                .map(([what, many]) => (
                                    <div key={what}>
                                        <dt>Masked: {what}</dt>
                                        <dd>{integer(many)}</dd>
                                    </div>
                                ))}
                            {status.webhook ? (
                                <div>
                                    <dt>Posted findings</dt>
                                    <dd>
                                        {integer(status.webhook.sent)} taken,{" "}
                                        {integer(status.webhook.waiting)} waiting{" "}
                                        {status.webhook.trouble ?? ""}
                                    </dd>
                                </div>
                            ) : null}
                        </dl>
                        {[...status.damages, ...status.notes].map((one) => (
                            <p key={one.sentence} class="problem">
                                {one.sentence}
                            </p>
                        ))}
                        <p>
                            <a href="/api/openapi.json">Every address, as OpenAPI</a>
                        </p>
                    </section>
                )}
            </Asked>
        </>
    );
}
