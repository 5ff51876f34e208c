/* SPDX-License-Identifier: Apache-2.0 */
#include "store/damage.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define CURE "look at the disk (dmesg, smartctl -a)"

void damages_add(Damages *damages, const Damage *damage)
{
    if (damages->count == DAMAGES_MAX)
        damages->more++;
    else
        damages->items[damages->count++] = *damage;
}

typedef struct {
    char  *text;
    size_t at;
} Sentence;

static void say(Sentence *sentence, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void say(Sentence *sentence, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(sentence->text + sentence->at, DAMAGE_SENTENCE_SIZE - sentence->at, format,
                         arguments);
    va_end(arguments);
    size_t left = DAMAGE_SENTENCE_SIZE - 1 - sentence->at;
    sentence->at += size < 0 ? 0 : (size_t)size < left ? (size_t)size : left;
}

/* What became of commits that cannot be read any more. */
static void say_commits(Sentence *sentence, const Damage *damage, uint64_t learnt)
{
    if (damage->first == 0 && damage->last == 0)
        say(sentence, "its commits are lost, nobody knows which");
    else if (damage->last == 0)
        say(sentence, "commits from %" PRIu64 " on are lost, nobody knows how many", damage->first);
    else if (damage->first == 0)
        say(sentence, "commits up to %" PRIu64 " are lost", damage->last);
    else
        say(sentence, "commits %" PRIu64 " to %" PRIu64 " are lost", damage->first, damage->last);
    if (damage->last != 0 && damage->last <= learnt)
        say(sentence, "; they were learnt, and their rows are in the lake: only to replay them is "
                      "not possible any more");
    else if (damage->first != 0 && damage->first > learnt)
        say(sentence, "; they were not learnt yet: what was in them must be sent again");
    else if (learnt > 0)
        say(sentence,
            "; those behind %" PRIu64 " were not learnt yet: what was in them must be "
            "sent again",
            learnt);
}

static void say_again(Sentence *sentence, uint64_t learnt, uint64_t first)
{
    if (learnt > 0)
        say(sentence, "that of commit %" PRIu64 " is used, and what is behind it is learnt again",
            learnt);
    else
        say(sentence,
            "there is no other one: all is learnt again from commit %" PRIu64 " on, so far goes "
            "the journal back; older lines and samples stay in the lake", first);
}

static void tell(Damage *damage, uint64_t learnt, uint64_t first)
{
    Sentence s = {.text = damage->sentence};
    switch (damage->kind) {
    case DAMAGE_JOURNAL:
        say(&s, "%s cannot be read (%s) and is now %s: ", damage->was, damage->cause, damage->file);
        say_commits(&s, damage, learnt);
        say(&s, "; " CURE ", the file is kept for you and may be removed");
        break;
    case DAMAGE_END:
        say(&s, "the journal ends with commit %" PRIu64 ", and went on: ", damage->first - 1);
        say_commits(&s, damage, learnt);
        say(&s, "; " CURE ", and whether files were removed or an older copy was put back");
        break;
    case DAMAGE_CATALOG:
        say(&s,
            "%s cannot be read (%s) and is now %s: checkpoints and findings of before are "
            "lost; ",
            damage->was, damage->cause, damage->file);
        say_again(&s, 0, first);
        say(&s, "; " CURE "; a backup of the whole folder would bring them back");
        break;
    case DAMAGE_CATALOG_PART:
        say(&s,
            "a part of %s cannot be read (%s): it is now %s, and what could be read of it is "
            "in a new one; " CURE,
            damage->was, damage->cause, damage->file);
        break;
    case DAMAGE_CHECKPOINT:
        say(&s, "the checkpoint of commit %" PRIu64 " in %s cannot be read (%s): ", damage->last,
            damage->file, damage->cause);
        say_again(&s, learnt, first);
        say(&s, "; " CURE);
        break;
    case DAMAGE_SECRET:
        say(&s,
            "%s, the key of the masks, cannot be read and is now %s: from now on equal values "
            "have other tokens than before; a copy of it from a backup helps",
            damage->was, damage->file);
        break;
    }
}

void damages_tell(Damages *damages, uint64_t learnt, uint64_t first)
{
    for (size_t i = 0; i < damages->count; i++)
        if (damages->items[i].sentence[0] == '\0')
            tell(&damages->items[i], learnt, first);
}
