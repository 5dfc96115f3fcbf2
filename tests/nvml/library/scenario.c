/* Reads the scenario and tells its values; scenario.h says what may stand in it. */
#include "scenario.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct nvmlDevice_st driver;
struct nvmlDevice_st gpus[GPU_LIMIT];
struct nvmlDevice_st migs[GPU_LIMIT][MIG_LIMIT];
struct nvmlDevice_st pairs[GPU_LIMIT][GPU_LIMIT];
int gpu_count;
atomic_int initialised;

static double loaded_s;

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec + now.tv_nsec * 1e-9;
}

double age_s(void)
{
    return now_s() - loaded_s;
}

/* Reading ------------------------------------------------------------------------------------ */

static void refuse(const char *why, const char *what)
{
    fprintf(stderr, "fake NVML: %s: %s\n", why, what);
    abort();
}

static int is_misdeed(const char *key)
{
    return !strcmp(key, "fail") || !strcmp(key, "hang") || !strcmp(key, "crash");
}

static unsigned hash(const char *key)
{
    unsigned sum = 5381;
    while (*key)
        sum = sum * 33 + (unsigned char)*key++;
    return sum;
}

static void add(struct nvmlDevice_st *scope, const char *key, const char *value)
{
    scope->lines = realloc(scope->lines, (scope->line_count + 1) * sizeof *scope->lines);
    scope->hashes = realloc(scope->hashes, (scope->line_count + 1) * sizeof *scope->hashes);
    if (!scope->lines || !scope->hashes)
        refuse("no memory", key);
    scope->hashes[scope->line_count] = hash(key);
    struct line *line = &scope->lines[scope->line_count++];
    snprintf(line->key, sizeof line->key, "%s", key);
    snprintf(line->value, sizeof line->value, "%s", value);
    atomic_init(&line->calls, 0);
    scope->misdeed_count += is_misdeed(key);
    scope->is_there = 1;
}

/* `{N}` in a value is the number of the GPU, for lines that are about several. */
static void add_to_gpu(unsigned n, const char *key, const char *value)
{
    char own[TEXT_LIMIT];
    const char *mark = strstr(value, "{N}");
    if (mark)
        snprintf(own, sizeof own, "%.*s%u%s", (int)(mark - value), value, n, mark + 3);
    if (n >= GPU_LIMIT)
        refuse("too many GPUs", value);
    if ((int)n >= gpu_count)
        gpu_count = n + 1;
    add(&gpus[n], key, mark ? own : value);
}

static void add_to_pairs(const char *key, const char *value)
{
    for (int n = 0; n < gpu_count; n++)
        for (int m = n + 1; m < gpu_count; m++)
            add(&pairs[n][m], key, value);
}

static void parse_line(const char *text)
{
    char key[TEXT_LIMIT], value[TEXT_LIMIT];
    unsigned n, m;
    if (sscanf(text, "system %255s %255[^\n]", key, value) == 2) {
        add(&driver, key, value);
    } else if (sscanf(text, "gpu %u-%u %255s %255[^\n]", &n, &m, key, value) == 4) {
        for (; n <= m; n++)
            add_to_gpu(n, key, value);
    } else if (sscanf(text, "gpu %u %255s %255[^\n]", &n, key, value) == 3) {
        add_to_gpu(n, key, value);
    } else if (sscanf(text, "mig %u %u %255s %255[^\n]", &n, &m, key, value) == 4 &&
               n < GPU_LIMIT && m < MIG_LIMIT) {
        add(&migs[n][m], key, value);
    } else if (sscanf(text, "pairs %255s %255[^\n]", key, value) == 2) {
        add_to_pairs(key, value);
    } else if (sscanf(text, "pair %u %u %255s %255[^\n]", &n, &m, key, value) == 4 && n < m &&
               m < GPU_LIMIT) {
        add(&pairs[n][m], key, value);
    } else if (text[0] != '#' && text[0] != '\n' && strncmp(text, "missing ", 8) != 0) {
        refuse("not a statement", text);
    }
}

__attribute__((constructor)) static void read_scenario(void)
{
    const char *path = getenv("RIGCHECK_TEST_NVML_SCENARIO");
    FILE *file = path ? fopen(path, "r") : NULL;
    if (!file)
        refuse("no scenario", path ? path : "RIGCHECK_TEST_NVML_SCENARIO is not set");
    char text[2 * TEXT_LIMIT];
    while (fgets(text, sizeof text, file))
        parse_line(text);
    fclose(file);
    loaded_s = now_s();
}

/* Values ------------------------------------------------------------------------------------- */

const char *find(const struct nvmlDevice_st *scope, const char *key)
{
    const unsigned wanted = hash(key);
    for (int i = scope->line_count - 1; i >= 0; i--)
        if (scope->hashes[i] == wanted && strcmp(scope->lines[i].key, key) == 0)
            return scope->lines[i].value;
    return NULL;
}

nvmlReturn_t text_of(const struct nvmlDevice_st *scope, const char *key, char *out, unsigned length)
{
    const char *from = find(scope, key);
    if (!from)
        return NVML_ERROR_NOT_SUPPORTED;
    unsigned n = 0;
    for (unsigned byte; *from; n++) {
        if (n + 1 >= length)
            return NVML_ERROR_INSUFFICIENT_SIZE;
        int escaped = sscanf(from, "\\x%2x", &byte) == 1;
        out[n] = escaped ? (char)byte : *from;
        from += escaped ? 4 : 1;
    }
    out[n] = '\0';
    return NVML_SUCCESS;
}

static int moving(const char *text, double *out)
{
    double from, to, seconds, length, now = age_s();
    if (sscanf(text, "ramp %lf %lf %lf", &from, &to, &seconds) == 3)
        *out = now >= seconds ? to : from + (to - from) * now / seconds;
    else if (sscanf(text, "square %lf %lf %lf", &from, &to, &seconds) == 3)
        *out = (long)(now / seconds) % 2 ? to : from;
    else if (sscanf(text, "burst %lf %lf %lf %lf", &from, &to, &seconds, &length) == 4)
        *out = now - (long)(now / seconds) * seconds >= seconds - length ? to : from;
    else if (sscanf(text, "step %lf %lf %lf", &from, &to, &seconds) == 3)
        *out = now >= seconds ? to : from;
    else
        return 0;
    return 1;
}

static int is_literal(const char *text)
{
    return strchr("-0123456789", text[0]) != NULL;
}

nvmlReturn_t number_of(const struct nvmlDevice_st *scope, const char *key, double *out)
{
    const char *text = find(scope, key);
    if (!text)
        return NVML_ERROR_NOT_SUPPORTED;
    if (is_literal(text))
        *out = strtod(text, NULL);
    else if (!moving(text, out))
        refuse("not a number", text);
    return NVML_SUCCESS;
}

nvmlReturn_t integer_of(const struct nvmlDevice_st *scope, const char *key, int *out)
{
    double number;
    nvmlReturn_t code = number_of(scope, key, &number);
    if (code == NVML_SUCCESS)
        *out = (int)number;
    return code;
}

nvmlReturn_t whole_of(const struct nvmlDevice_st *scope, const char *key, unsigned long long *out)
{
    const char *text = find(scope, key);
    double number;
    nvmlReturn_t code = text && is_literal(text) ? NVML_SUCCESS : number_of(scope, key, &number);
    if (code == NVML_SUCCESS) /* 2^64 - 1 is no double */
        *out = is_literal(text) ? strtoull(text, NULL, 0) : (unsigned long long)number;
    return code;
}

/* Misdeeds ----------------------------------------------------------------------------------- */

static int is_due(struct line *line, const char *after)
{
    char *unit;
    double limit = strtod(after, &unit);
    if (*unit == 's')
        return age_s() >= limit;
    return atomic_fetch_add(&line->calls, 1) >= (int)limit;
}

static nvmlReturn_t misbehave(struct line *line, const char *function)
{
    char subject[TEXT_LIMIT], after[TEXT_LIMIT] = "0";
    int code = 0;
    int fails = strcmp(line->key, "fail") == 0;
    int known = fails ? sscanf(line->value, "%255s %d %255s", subject, &code, after)
                      : sscanf(line->value, "%255s %255s", subject, after);
    if (known < 1 || (strcmp(subject, "*") && strcmp(subject, function)))
        return NVML_SUCCESS;
    if (!is_due(line, after))
        return NVML_SUCCESS;
    if (strcmp(line->key, "crash") == 0)
        raise(SIGSEGV);
    while (strcmp(line->key, "hang") == 0)
        pause();
    return code;
}

nvmlReturn_t enter(struct nvmlDevice_st *scope, const char *function)
{
    for (int i = 0; scope->misdeed_count > 0 && i < scope->line_count; i++) {
        if (!is_misdeed(scope->lines[i].key))
            continue;
        nvmlReturn_t code = misbehave(&scope->lines[i], function);
        if (code != NVML_SUCCESS)
            return code;
    }
    return NVML_SUCCESS;
}
