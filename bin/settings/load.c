/* SPDX-License-Identifier: Apache-2.0
 *
 * load.c - settings from all their origins, the weaker first. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "settings/keys.h"
#include "settings/nearest.h"
#include "settings/places.h"
#include "settings/settings.h"
#include "settings/yaml.h"

#define TAIL_SIZE 512 /* What is wrong with a value. */

/* Lists add up within one, and are replaced by the next. */
typedef enum { FROM_NOTHING = 0, FROM_FILES, FROM_ENVIRONMENT, FROM_FLAGS } From;

typedef struct {
    Settings *settings;
    From      begun[64]; /* By row: who began the list. */
    char     *problem;
    TextList *problems; /* Of all that is wrong; NULL: the first ends it. */
    bool      no_memory;
} Loader;

static bool fail(const Loader *loader, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool fail(const Loader *loader, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(loader->problem, SETTINGS_PROBLEM_SIZE, format, arguments);
    va_end(arguments);
    return false;
}

static bool no_memory(Loader *loader)
{
    loader->no_memory = true;
    return fail(loader, "there is no memory for the settings");
}

/* Whether to go on behind what may be wrong. */
static bool goes_on(Loader *loader, bool good)
{
    if (good || loader->problems == NULL || loader->no_memory)
        return good;
    return list_add(loader->problems, loader->problem) || no_memory(loader);
}

static void list_begin(Loader *loader, int row, From from)
{
    if (!key_is_list(&keys[row]) || loader->begun[row] == from)
        return;
    key_clear(&keys[row], loader->settings);
    loader->begun[row] = from;
}

static bool origin_set(Loader *loader, int row, const char *origin)
{
    return text_set(&loader->settings->origins[row], origin) || no_memory(loader);
}

/* place: what the sentence begins with; origin: what `config show --origin` says. */
static bool put(Loader *loader, int row, From from, const char *text, const char *place,
                const char *origin)
{
    char tail[TAIL_SIZE];
    list_begin(loader, row, from);
    if (!key_add(&keys[row], loader->settings, text, tail, sizeof tail))
        return fail(loader, "%s %s", place, tail);
    return origin_set(loader, row, origin);
}

/* -- defaults and credentials ---------------------------------------------------------------- */

static bool defaults_set(Loader *loader)
{
    for (size_t i = 0; i < keys_count; i++) {
        const Key  *key = &keys[i];
        const char *usual = key->usual ? key->usual : "";
        if (!key_is_list(key) && !put(loader, (int)i, FROM_NOTHING, usual, key->name, "default"))
            return false;
        if (key_is_list(key) && !origin_set(loader, (int)i, "default"))
            return false;
    }
    return true;
}

/* "webhook_secret_file" is the credential webhook_secret, "tls.key" is tls_key. */
static bool credentials_read(Loader *loader)
{
    for (size_t i = 0; i < keys_count; i++) {
        char name[KEY_SIZE];
        if (keys[i].kind != KEY_SECRET)
            continue;
        snprintf(name, sizeof name, "%s", keys[i].name);
        char *end = strstr(name, "_file");
        if (end != NULL)
            *end = '\0';
        for (char *c = name; *c; c++)
            *c = *c == '.' ? '_' : *c;
        char *path = place_credential(name), origin[KEY_SIZE + 16];
        snprintf(origin, sizeof origin, "credential %s", name);
        bool good = path == NULL || put(loader, (int)i, FROM_NOTHING, path, origin, origin);
        free(path);
        if (!good)
            return false;
    }
    return true;
}

/* -- files ----------------------------------------------------------------------------------- */

static bool bytes_read(Loader *loader, int descriptor, const char *path, char **ret,
                       size_t *ret_size)
{
    char  *bytes = malloc(YAML_BYTES_MAX + 1);
    size_t size = 0;
    if (bytes == NULL)
        return no_memory(loader);
    while (size < YAML_BYTES_MAX + 1) {
        ssize_t got = read(descriptor, bytes + size, YAML_BYTES_MAX + 1 - size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            free(bytes);
            return fail(loader, "cannot read the settings in %s: %s", path, strerror(errno));
        }
        if (got == 0)
            break;
        size += (size_t)got;
    }
    *ret = bytes;
    *ret_size = size;
    return true;
}

/* "mask_rules.ticket: TCK" is the item ticket=TCK of mask_rules. */
static int row_of(const YamlEntry *entry, char **ret_text)
{
    static const char prefix[] = "mask_rules.";
    *ret_text = NULL;
    if (strncmp(entry->key, prefix, sizeof prefix - 1) != 0)
        return keys_find(entry->key);
    if (asprintf(ret_text, "%s=%s", entry->key + sizeof prefix - 1,
                 entry->value ? entry->value : "") < 0)
        *ret_text = NULL;
    return keys_find("mask_rules");
}

static bool is_group(const char *name)
{
    size_t size = strlen(name);
    for (size_t i = 0; i < keys_count; i++)
        if (strncmp(keys[i].name, name, size) == 0 && keys[i].name[size] == '.')
            return true;
    return false;
}

static bool unknown_key(const Loader *loader, const char *path, const YamlEntry *entry)
{
    const char *names[64];
    for (size_t i = 0; i < keys_count; i++)
        names[i] = keys[i].name;
    const char *near = nearest_word(entry->key, names, keys_count);
    return fail(loader,
                "%s:%d: there is no key %.100s; %s%s%s`oddball config show --effective` lists them "
                "all",
                path, entry->line, entry->key, near ? "did you mean " : "", near ? near : "",
                near ? "? " : "");
}

static bool shape_is_good(const Loader *loader, const char *path, const YamlEntry *entry,
                          const Key *key)
{
    if (entry->kind == YAML_NOTHING)
        return fail(loader, "%s:%d: %s has no value; a good one is %s", path, entry->line,
                    entry->key, key->example);
    if (!key_is_list(key) && (entry->item >= 0 || entry->kind == YAML_EMPTY_LIST))
        return fail(loader, "%s:%d: %s takes one value, not a list; a good one is %s", path,
                    entry->line, entry->key, key->example);
    return true;
}

static bool entry_put(Loader *loader, const char *path, const YamlEntry *entry)
{
    char *text = NULL, *beside = NULL, place[512], origin[512];
    int   row = row_of(entry, &text);
    if (row < 0 && entry->kind == YAML_NOTHING && is_group(entry->key))
        return true;
    if (row < 0)
        return unknown_key(loader, path, entry);
    const Key *key = &keys[row];
    bool       good = shape_is_good(loader, path, entry, key);
    if (good && key->offset == offsetof(Settings, config))
        good = fail(loader,
                    "%s:%d: config names the file of settings, so it cannot stand in one; "
                    "use --config FILE",
                    path, entry->line);
    snprintf(place, sizeof place, "%.400s:%d: %s", path, entry->line, key->name);
    snprintf(origin, sizeof origin, "%.400s:%d", path, entry->line);
    if (good && entry->kind == YAML_EMPTY_LIST) {
        key_clear(key, loader->settings);
        loader->begun[row] = FROM_FILES;
        good = origin_set(loader, row, origin);
    } else if (good) {
        const char *value = text ? text : entry->value;
        bool is_path = key->kind == KEY_PATH || key->kind == KEY_SECRET || key->kind == KEY_PATHS;
        if (is_path && value[0] != '\0')
            value = beside = place_beside(path, value);
        good = value ? put(loader, row, FROM_FILES, value, place, origin) : no_memory(loader);
    }
    free(text);
    free(beside);
    return good;
}

/* is_needed: that it is not there is an error. */
static bool file_read(Loader *loader, const char *path, bool is_needed, bool *ret_found)
{
    YamlEntries entries;
    char       *bytes = NULL;
    size_t      size = 0;
    struct stat status;
    int         descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    *ret_found = descriptor >= 0;
    if (descriptor < 0 && errno == ENOENT && !is_needed)
        return true;
    if (descriptor < 0)
        return fail(loader, "cannot read the settings in %s: %s%s", path, strerror(errno),
                    errno == ENOENT ? "; check the name that --config or ODDBALL_CONFIG gives"
                                    : "");
    bool good = fstat(descriptor, &status) == 0 && !S_ISDIR(status.st_mode)
                    ? bytes_read(loader, descriptor, path, &bytes, &size)
                    : fail(loader, "%s is a folder, not a file of settings", path);
    close(descriptor);
    if (!good)
        return false;
    good = yaml_entries_read(path, bytes, size, &entries, loader->problem, SETTINGS_PROBLEM_SIZE);
    free(bytes);
    if (!good)
        return false;
    for (size_t i = 0; i < entries.count && good; i++)
        good = goes_on(loader, entry_put(loader, path, &entries.entries[i]));
    yaml_entries_free(&entries);
    if (good && !list_add(&loader->settings->read, path))
        return no_memory(loader);
    return good;
}

static bool file_and_drop_ins(Loader *loader, const char *path, bool is_needed)
{
    TextList drop_ins = {0};
    int      refused = 0;
    bool     found;
    if (!goes_on(loader, file_read(loader, path, is_needed, &found)))
        return false;
    bool good = places_drop_ins(path, &drop_ins, &refused) || no_memory(loader);
    if (good && refused != 0)
        good = goes_on(
            loader, fail(loader, "cannot look into conf.d beside %s: %s", path, strerror(refused)));
    for (size_t i = 0; i < drop_ins.count && good; i++)
        good = goes_on(loader, file_read(loader, drop_ins.items[i], true, &found));
    list_free(&drop_ins);
    return good;
}

static bool files_read(Loader *loader)
{
    const char *asked = loader->settings->config;
    TextList    usual = {0};
    if (strcmp(asked, "off") == 0)
        return true;
    if (asked[0] != '\0')
        return file_and_drop_ins(loader, asked, true);
    bool good = places_config(&usual) || no_memory(loader);
    for (size_t i = 0; i < usual.count && good; i++)
        good = file_and_drop_ins(loader, usual.items[i], false);
    list_free(&usual);
    return good;
}

/* -- environment ----------------------------------------------------------------------------- */

/* Items stand between commas; mask rules, which may hold some, between line ends. */
static bool items_put(Loader *loader, int row, const char *value, const char *variable)
{
    const char *between = keys[row].kind == KEY_RULES ? "\n" : ",";
    bool        good = true;
    char       *copy = strdup(value), *rest = copy;
    if (copy == NULL)
        return no_memory(loader);
    for (char *item; good && (item = strsep(&rest, between)) != NULL;)
        good = item[0] == '\0' || put(loader, row, FROM_ENVIRONMENT, item, variable, variable);
    free(copy);
    return good;
}

static bool variable_read(Loader *loader, int row)
{
    char variable[KEY_VARIABLE_SIZE];
    key_variable(&keys[row], variable);
    const char *value = getenv(variable);
    if (value == NULL || value[0] == '\0')
        return true;
    if (key_is_list(&keys[row]))
        return items_put(loader, row, value, variable);
    return put(loader, row, FROM_ENVIRONMENT, value, variable, variable);
}

static bool environment_read(Loader *loader)
{
    for (size_t i = 0; i < keys_count; i++)
        if (!goes_on(loader, variable_read(loader, (int)i)))
            return false;
    return true;
}

/* A mistyped variable would be silent otherwise; others' variables may begin so too. */
static bool strangers_note(Loader *loader)
{
    char        names[64][KEY_VARIABLE_SIZE];
    const char *known[64];
    for (size_t i = 0; i < keys_count; i++) {
        key_variable(&keys[i], names[i]);
        known[i] = names[i];
    }
    for (char **entry = environ; entry != NULL && *entry != NULL; entry++) {
        size_t size = strcspn(*entry, "=");
        char   variable[NEAREST_WORD_MAX + 8], note[256];
        if (strncmp(*entry, "ODDBALL_", 8) != 0 || size >= sizeof variable)
            continue;
        snprintf(variable, sizeof variable, "%.*s", (int)size, *entry);
        bool is_known = strcmp(variable, "ODDBALL_DATA") == 0; /* Of the tests. */
        for (size_t i = 0; i < keys_count; i++)
            is_known = is_known || strcmp(variable, known[i]) == 0;
        if (is_known)
            continue;
        const char *near = nearest_word(variable, known, keys_count);
        snprintf(note, sizeof note, "%s is in the environment and no setting%s%s%s", variable,
                 near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
        if (!list_add(&loader->settings->notes, note))
            return no_memory(loader);
    }
    return true;
}

/* -- flags ----------------------------------------------------------------------------------- */

static bool flag_put(Loader *loader, const SettingFlag *flag)
{
    char place[KEY_SIZE + 8];
    int  row = keys_find_flag(flag->name);
    snprintf(place, sizeof place, "--%.30s", flag->name);
    if (row < 0)
        return fail(loader, "there is no setting %s", place);
    const char *value = flag->value;
    if (keys[row].kind == KEY_BOOL)
        value = strncmp(flag->name, "no-", 3) == 0 ? "false" : "true";
    return put(loader, row, FROM_FLAGS, value, place, place);
}

/* Which file is to be read must be known before it is read. */
static bool config_find(Loader *loader, const SettingFlag *flags, size_t flag_count)
{
    if (!variable_read(loader, keys_find("config")))
        return false;
    for (size_t i = 0; i < flag_count; i++)
        if (strcmp(flags[i].name, "config") == 0 && !flag_put(loader, &flags[i]))
            return false;
    return true;
}

static bool flags_read(Loader *loader, const SettingFlag *flags, size_t flag_count)
{
    for (size_t i = 0; i < flag_count; i++)
        if (!goes_on(loader, flag_put(loader, &flags[i])))
            return false;
    return true;
}

/* -- all of it ------------------------------------------------------------------------------- */

static bool data_find(Loader *loader)
{
    Settings *settings = loader->settings;
    if (settings->data[0] != '\0')
        return true;
    char *data = place_data();
    if (data == NULL)
        return fail(loader, "there is no place for data: HOME is not set; give --data DIR");
    free(settings->data);
    settings->data = data;
    return true;
}

/* Without discovery nothing of this machine is watched that was not asked for. */
static bool undiscovered_leave(Loader *loader)
{
    static const char *const of_machine[] = {"journal", "host"};
    for (size_t i = 0; i < sizeof of_machine / sizeof of_machine[0]; i++) {
        int row = keys_find(of_machine[i]);
        if (loader->settings->discovery || strcmp(loader->settings->origins[row], "default") != 0)
            continue;
        *(bool *)((char *)loader->settings + keys[row].offset) = false;
        if (!origin_set(loader, row, "discovery"))
            return false;
    }
    return true;
}

static bool secrets_note(Loader *loader)
{
    for (size_t i = 0; i < keys_count; i++) {
        struct stat status;
        char        note[SETTINGS_PROBLEM_SIZE];
        if (keys[i].kind != KEY_SECRET)
            continue;
        const char *path = *(char **)((char *)loader->settings + keys[i].offset);
        if (path[0] == '\0' || stat(path, &status) != 0 || (status.st_mode & S_IROTH) == 0)
            continue;
        snprintf(note, sizeof note, "%s %.400s can be read by everybody; chmod o-r %.400s",
                 keys[i].name, path, path);
        if (!list_add(&loader->settings->notes, note))
            return no_memory(loader);
    }
    return true;
}

static bool problem_take(void *context, const char *problem)
{
    return goes_on(context, fail(context, "%s", problem));
}

static bool load(Loader *loader, const SettingFlag *flags, size_t flag_count)
{
    return defaults_set(loader) && goes_on(loader, credentials_read(loader)) &&
           goes_on(loader, config_find(loader, flags, flag_count)) && files_read(loader) &&
           environment_read(loader) && flags_read(loader, flags, flag_count) &&
           goes_on(loader, data_find(loader)) && undiscovered_leave(loader) &&
           strangers_note(loader) && secrets_note(loader) &&
           (settings_check(loader->settings, problem_take, loader) || loader->problems != NULL);
}

bool settings_load(Settings *settings, const SettingFlag *flags, size_t flag_count, char *problem)
{
    Loader loader = {.settings = settings, .problem = problem};
    *settings = (Settings){0};
    problem[0] = '\0';
    bool good = load(&loader, flags, flag_count);
    if (!good)
        settings_free(settings);
    return good;
}

bool settings_load_past(Settings *settings, const SettingFlag *flags, size_t flag_count,
                        TextList *problems)
{
    char   problem[SETTINGS_PROBLEM_SIZE] = "";
    Loader loader = {.settings = settings, .problem = problem, .problems = problems};
    *settings = (Settings){0};
    *problems = (TextList){0};
    return load(&loader, flags, flag_count) && !loader.no_memory;
}

void settings_free(Settings *settings)
{
    for (size_t i = 0; i < keys_count; i++) {
        key_clear(&keys[i], settings);
        if (!key_is_list(&keys[i]) && keys[i].kind < KEY_BOOL)
            free(*(char **)((char *)settings + keys[i].offset));
        free(settings->origins[i]);
    }
    list_free(&settings->read);
    list_free(&settings->notes);
    *settings = (Settings){0};
}
