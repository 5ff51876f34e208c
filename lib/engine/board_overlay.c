/* SPDX-License-Identifier: Apache-2.0
 *
 * board_overlay.c - findings and incidents as verdicts and rules show them.
 *
 * What is kept in a finding here is worked out from it and the overlay alone, and nobody who takes
 * candidates looks at it: that is why an undo leaves no trace in what comes later. */
#include <stdio.h>

#include "engine/board.h"

Evidence board_evidence(const BoardFinding *finding, char *sentence)
{
    const Candidate *first = &finding->first;
    return (Evidence){.id = finding->id,
                      .source = first->source,
                      .text = first->pattern_text,
                      .kind = finding_kind_word((FindingKind)first->kind),
                      .sentence = board_sentence(finding, sentence),
                      .sample = {.text = first->sample, .size = first->sample_size},
                      .signal = first->pattern,
                      .is_metric = first->is_metric,
                      .time = first->time,
                      .last_time = finding->last_time,
                      .surprise = finding->surprise};
}

void board_look(Board *board, BoardFinding *finding)
{
    char sentence[BOARD_SENTENCE_SIZE];
    if (board->overlay.count == 0 && finding->shown == SHOWN && finding->said == 0 &&
        finding->broken[0] == '\0')
        return;
    Evidence evidence = board_evidence(finding, sentence);
    OverlayView view = overlay_view(&board->overlay, &evidence);
    finding->changed |= finding->shown != view.shown;
    finding->shown = (uint8_t)view.shown;
    finding->said = view.said;
    memset(finding->by, 0, sizeof finding->by);
    memset(finding->broken, 0, sizeof finding->broken);
    snprintf(finding->by, sizeof finding->by, "%s", view.by);
    snprintf(finding->broken, sizeof finding->broken, "%s", view.broken);
}

void board_look_again(Board *board)
{
    for (size_t i = 0; i < board->finding_count; i++)
        board_look(board, &board->findings[i]);
}

odd_rc board_hear(Board *board, const Verdict *verdict)
{
    odd_rc rc = overlay_take(&board->overlay, verdict);
    if (rc == ODD_OK)
        board_look_again(board);
    return rc;
}

bool board_is_news(const BoardFinding *finding)
{
    bool is_open = finding->shown == SHOWN && finding->state != STATE_RESOLVED;
    return finding->changed && (finding->known || is_open);
}

void board_news_told(BoardFinding *finding)
{
    finding->changed = 0;
    finding->known = finding->shown == SHOWN;
}

const char *board_finding_state(const BoardFinding *finding)
{
    if (finding->shown == SHOWN_HIDDEN)
        return "hidden";
    return finding->shown == SHOWN_EXPECTED ? "expected"
                                            : board_state_name((BoardState)finding->state);
}

/* It tells of the oddest of those that are shown; where none is, of itself as it was. */
IncidentView board_incident(const Board *board, const BoardIncident *incident)
{
    IncidentView view = {.surprise = incident->surprise,
                         .sentence = incident->sentence,
                         .state = board_state_name((BoardState)incident->state)};
    const BoardFinding *oddest = NULL, *hidden = NULL;
    for (size_t i = 0; board->overlay.count > 0 && i < board->finding_count; i++) {
        const BoardFinding *finding = &board->findings[i];
        if (memcmp(finding->incident, incident->id, ID_SIZE) != 0)
            continue;
        view.hidden += finding->shown != SHOWN;
        if (finding->shown != SHOWN)
            hidden = hidden != NULL && hidden->shown == SHOWN_HIDDEN ? hidden : finding;
        else if (oddest == NULL || finding->surprise > oddest->surprise)
            oddest = finding;
    }
    if (view.hidden > 0 && oddest != NULL) {
        view.surprise = oddest->surprise;
        view.sentence = oddest->first.sentence;
    } else if (hidden != NULL) {
        view.state = board_finding_state(hidden);
    }
    return view;
}
