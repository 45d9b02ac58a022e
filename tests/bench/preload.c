/* What a preload costs: the start of /bin/true, and open, stat and getaddrinfo per call, with
 * several libraries side by side in one run. Variants take turns, so that a machine whose speed
 * drifts changes all of them alike; medians and the spread of the ratios are printed. Passes or
 * fails nothing.
 *
 *     preload ROUNDS NAME LD_PRELOAD [VAR=VALUE…] -- NAME LD_PRELOAD … --
 *     preload calls        measures its own calls and prints three figures (used by the first form)
 *
 * The first variant is what the others are compared to. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <netdb.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { VARIANTS_MAX = 8, FIGURES = 4, STARTS = 40, BURSTS = 15, ROUNDS_MAX = 101 };

static const char *const figure_names[FIGURES] = {"start of /bin/true (us)", "open and close (ns)",
                                                  "stat (ns)", "getaddrinfo, literal (ns)"};

struct variant {
    char *name;
    char *environment[16];
    double rounds[FIGURES][ROUNDS_MAX];
};

static double now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* --- one variant's process
 * --- */

static double time_open(int n)
{
    double start = now_ns();
    for (int i = 0; i < n; i++)
        close(open("/usr/share/common-licenses/Apache-2.0", O_RDONLY));
    return (now_ns() - start) / n;
}

static double time_stat(int n)
{
    struct stat s;
    double start = now_ns();
    for (int i = 0; i < n; i++)
        stat("/usr/share/common-licenses/Apache-2.0", &s);
    return (now_ns() - start) / n;
}

static double time_resolve(int n)
{
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM};
    double start = now_ns();
    for (int i = 0; i < n; i++) {
        struct addrinfo *list = NULL;
        if (getaddrinfo("127.0.0.1", "443", &hints, &list) == 0)
            freeaddrinfo(list);
    }
    return (now_ns() - start) / n;
}

/* The quickest of several bursts: what interrupted the others is not the library's. */
static double quickest(double (*burst)(int), int n)
{
    double best = burst(n);
    for (int i = 1; i < BURSTS; i++) {
        double t = burst(n);
        best = t < best ? t : best;
    }
    return best;
}

static int measure_calls(void)
{
    printf("%.2f %.2f %.2f\n", quickest(time_open, 2000), quickest(time_stat, 4000),
           quickest(time_resolve, 8000));
    return 0;
}

/* --- the driver
 * --- */

static int quiet; /* /dev/null */

static pid_t spawn(const struct variant *v, const char *path, char *const *arguments, int out)
{
    const int quiet_fd = quiet;
    pid_t pid = vfork();
    if (pid == 0) {
        dup2(quiet_fd, 2); /* some libraries talk */
        dup2(out, 1);
        execve(path, arguments, v->environment);
        _exit(127);
    }
    return pid;
}

/* One start of each in turn, many times: neighbours in time are what is compared. */
static void time_starts(struct variant *variants, int count, int round)
{
    char name[] = "true";
    char *const arguments[] = {name, NULL};
    double sums[VARIANTS_MAX] = {0};
    for (int i = 0; i < STARTS; i++)
        for (int v = 0; v < count; v++) {
            double start = now_ns();
            waitpid(spawn(&variants[v], "/bin/true", arguments, quiet), NULL, 0);
            sums[v] += now_ns() - start;
        }
    for (int v = 0; v < count; v++)
        variants[v].rounds[0][round] = sums[v] / STARTS / 1000;
}

static void run_calls(struct variant *v, int round)
{
    char name[] = "preload", word[] = "calls", line[128] = "";
    char *const arguments[] = {name, word, NULL};
    int ends[2];
    if (pipe2(ends, O_CLOEXEC))
        return;
    pid_t pid = spawn(v, "/proc/self/exe", arguments, ends[1]);
    close(ends[1]);
    ssize_t n = read(ends[0], line, sizeof line - 1);
    close(ends[0]);
    waitpid(pid, NULL, 0);
    char *rest = line;
    for (int f = 1; n > 0 && f < FIGURES; f++)
        v->rounds[f][round] = strtod(rest, &rest);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile(double *values, int n, double q)
{
    qsort(values, (size_t)n, sizeof *values, by_size);
    return values[(int)(q * (n - 1) + 0.5)];
}

static void print_figure(struct variant *variants, int count, int figure, int rounds)
{
    printf("\n%s\n", figure_names[figure]);
    double base[ROUNDS_MAX];
    memcpy(base, variants[0].rounds[figure], sizeof base);
    for (int i = 0; i < count; i++) {
        double ratios[ROUNDS_MAX], own[ROUNDS_MAX], added[ROUNDS_MAX];
        memcpy(own, variants[i].rounds[figure], sizeof own);
        for (int r = 0; r < rounds; r++) {
            ratios[r] = own[r] / base[r];
            added[r] = own[r] - base[r];
        }
        printf("  %-16s %9.1f  %+9.1f  ratio %.3f  (%.3f to %.3f)\n", variants[i].name,
               quantile(own, rounds, 0.5), quantile(added, rounds, 0.5),
               quantile(ratios, rounds, 0.5), quantile(ratios, rounds, 0.1),
               quantile(ratios, rounds, 0.9));
    }
}

static int read_variants(char **arguments, struct variant *variants)
{
    int count = 0;
    while (*arguments && count < VARIANTS_MAX) {
        struct variant *v = &variants[count++];
        int n = 0;
        v->name = *arguments++;
        for (; *arguments && strcmp(*arguments, "--") != 0; arguments++)
            if (n < 15)
                v->environment[n++] = *arguments;
        arguments += *arguments != NULL;
    }
    return count;
}

int main(int argc, char **argv)
{
    static struct variant variants[VARIANTS_MAX];
    if (argc == 2 && strcmp(argv[1], "calls") == 0)
        return measure_calls();
    int rounds = argc > 2 ? (int)strtol(argv[1], NULL, 10) : 0;
    if (rounds < 1 || rounds > ROUNDS_MAX)
        return 64;
    int count = read_variants(argv + 2, variants);
    quiet = open("/dev/null", O_WRONLY | O_CLOEXEC);
    for (int r = 0; r < rounds; r++) {
        time_starts(variants, count, r);
        for (int i = 0; i < count; i++)
            run_calls(&variants[i], r);
    }
    printf("%d rounds in turn, %d starts each; median, difference, ratio (10%% to 90%%)\n", rounds,
           STARTS);
    for (int f = 0; f < FIGURES; f++)
        print_figure(variants, count, f, rounds);
    return 0;
}
