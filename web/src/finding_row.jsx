// SPDX-License-Identifier: Apache-2.0
//
// finding_row.jsx - the buttons by which a person says what findings were.
import { openDialog } from "./dialogs.jsx";

const BUTTONS = [
    ["real", "Real", "r"],
    ["expected", "Expected", "e"],
    ["unsure", "Not sure", "u"],
    ["mute", "Mute", "m"],
];

export function VerdictButtons({ findings }) {
    return (
        <div class="buttons verdicts" role="group" aria-label="What was it?">
            {BUTTONS.map(([verdict, text, key]) => (
                <button
                    type="button"
                    key={verdict}
                    class={`say-${verdict}`}
                    onClick={() => openDialog("verdict", { findings, form: { verdict } })}
                >
                    {text} <kbd aria-hidden="true">{key}</kbd>
                </button>
            ))}
        </div>
    );
}
