// SPDX-License-Identifier: Apache-2.0
//
// help.jsx - the keys, by ?.
import { Dialog } from "./dialogs.jsx";

const KEYS = [
    ["j  k", "the next one, the one before"],
    ["Enter", "open it"],
    ["r", "it is real"],
    ["e", "it is expected"],
    ["u", "not sure"],
    ["m", "mute its like"],
    [".", "say the last verdict again, of this one"],
    ["[  ]", "an earlier or a later span of time"],
    ["/", "search"],
    ["Ctrl K", "go to, or do"],
    ["?", "these keys"],
    ["Esc", "close"],
];

export function Help({ close }) {
    return (
        <Dialog title="Keys" close={close} className="small">
            <dl class="keys">
                {KEYS.map(([keys, what]) => (
                    <div key={keys}>
                        <dt>
                            {keys.split("  ").map((one) => (
                                <kbd key={one}>{one}</kbd>
                            ))}
                        </dt>
                        <dd>{what}</dd>
                    </div>
                ))}
            </dl>
            <p class="quiet">
                A verdict counts at once and can be undone. A surprise of 3 is once in a thousand,
                of 6 once in a million.
            </p>
        </Dialog>
    );
}
