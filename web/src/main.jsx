// SPDX-License-Identifier: Apache-2.0
//
// main.jsx - the page begins.
import "uplot/dist/uPlot.min.css";
import "../style/base.css";
import "../style/parts.css";
import "../style/dialogs.css";
import "../style/screens.css";
import "../style/explore.css";
import { render } from "preact";
import { App } from "./app.jsx";
import { taste } from "./taste.js";

taste.apply();
render(<App />, document.getElementById("page"));
