// SPDX-License-Identifier: Apache-2.0
//
// ribbon.jsx - how odd something was, step by step, as a narrow band of colour under its chart.
import { moment, oddness, odds } from "./words.js";

export function Ribbon({ items, from, to, stepMs }) {
    const of = (time) => (100 * (Date.parse(time) - from)) / (to - from);
    const odd = items.filter(({ surprise }) => surprise >= 1);
    return (
        <svg
            class="ribbon"
            viewBox="0 0 100 4"
            preserveAspectRatio="none"
            role="img"
            aria-label={
                `oddness: ${odd.filter(({ surprise }) => surprise >= 3).length} of ` +
                `${items.length} steps are odd`
            }
        >
            <rect class="odd-0" x="0" y="0" width="100" height="4" />
            {odd.map((item) => (
                <rect
                    key={item.time}
                    class={`odd-${oddness(item.surprise)}`}
                    y="0"
                    height="4"
                    x={of(item.time)}
                    width={Math.max((100 * stepMs) / (to - from), 0.25)}
                >
                    <title>
                        {`${moment(item.time)}: ${item.surprise.toFixed(1)}, ` +
                            odds(item.surprise)}
                    </title>
                </rect>
            ))}
        </svg>
    );
}
