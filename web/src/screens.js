// SPDX-License-Identifier: Apache-2.0
//
// screens.js - all screens by the first part of their address; the server has a route for each
// (bin/api/web.c).
import { Now } from "./screens/now.jsx";
import { Incident } from "./screens/incident.jsx";
import { Lost } from "./screens/lost.jsx";

export const screens = {
    now: { title: "Odd now", Screen: Now },
    i: { title: "Incident", Screen: Incident },
    lost: { title: "Nothing here", Screen: Lost },
};

export const shown = [
    { name: "now", path: "/", title: "Odd now" },
];
