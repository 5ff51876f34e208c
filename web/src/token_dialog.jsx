// SPDX-License-Identifier: Apache-2.0
//
// token_dialog.jsx - asks for the token of a server that is not on this machine.
import { useState } from "preact/hooks";
import { setToken } from "./token.js";

export function TokenDialog() {
    const [token, setTyped] = useState("");
    const submit = (event) => {
        event.preventDefault();
        setToken(token);
        location.reload();
    };
    return (
        <div class="locked">
            <form onSubmit={submit}>
                <h2>A token, please</h2>
                <p>
                    From other machines this server answers only with the token of its
                    <code> token-file</code>. It is kept until this tab is closed.
                </p>
                <label>
                    Token{" "}
                    <input
                        type="password"
                        autocomplete="current-password"
                        value={token}
                        onInput={(event) => setTyped(event.currentTarget.value)}
                    />
                </label>
                <button type="submit" class="main">
                    Go on
                </button>
            </form>
        </div>
    );
}
