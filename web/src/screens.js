// SPDX-License-Identifier: Apache-2.0
//
// screens.js - all screens by the first part of their address; the server has a route for each
// (bin/api/web.c).
import { Finding } from "./screens/finding.jsx";
import { Incident } from "./screens/incident.jsx";
import { Lost } from "./screens/lost.jsx";
import { Models } from "./screens/models.jsx";
import { Now } from "./screens/now.jsx";
import { Patterns } from "./screens/patterns.jsx";
import { Questions } from "./screens/questions.jsx";
import { Rules } from "./screens/rules.jsx";
import { Settings } from "./screens/settings.jsx";
import { Signals } from "./screens/signals.jsx";
import { Sources } from "./screens/sources.jsx";
import { Sql } from "./screens/sql.jsx";

export const screens = {
    now: { title: "Odd now", Screen: Now },
    i: { title: "Incident", Screen: Incident },
    f: { title: "Finding", Screen: Finding },
    patterns: { title: "Patterns", Screen: Patterns },
    signals: { title: "Signals", Screen: Signals },
    models: { title: "Models", Screen: Models },
    questions: { title: "Questions", Screen: Questions },
    sources: { title: "Sources", Screen: Sources },
    rules: { title: "Rules", Screen: Rules },
    sql: { title: "SQL", Screen: Sql },
    settings: { title: "Settings", Screen: Settings },
    lost: { title: "Nothing here", Screen: Lost },
};

// In the order of the bar.
export const shown = [
    "now",
    "patterns",
    "signals",
    "models",
    "questions",
    "sources",
    "rules",
    "sql",
    "settings",
].map((name) => ({ name, path: name === "now" ? "/" : `/${name}`, title: screens[name].title }));
