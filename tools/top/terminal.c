/* One terminal a process: what a signal handler must reach is static. */
#include "tools/top/terminal.h"

#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "shm/atomic.h"
#include "tools/top/view.h"

/* <term.h> has it, and hundreds of macros that are no names of a house: lines, columns, tab. */
struct term;
extern int setupterm(const char *name, int descriptor, int *result);
extern struct term *set_curterm(struct term *description);
extern int del_curterm(struct term *description);

#define ESCAPE_MS     25 /* so long a lone Esc may be the begin of an arrow */
#define RESTORE_BYTES 256
#define SUSPEND       ('Z' & 0x1f)

/* What the terminal was, and the strings that bring it back. */
static struct {
    ry_atomic_u32 taken;   /* there is something to restore */
    ry_atomic_u32 suspend; /* SIGTSTP came */
    ry_atomic_u32 resumed; /* SIGCONT came */
    bool away;             /* it was given back; not taken again yet */
    int out;
    struct termios before;
    size_t bytes;
    char restore[RESTORE_BYTES];
    FILE *files[2];
    SCREEN *screen;
    bool color;
} held;

/* ---- whatever happens ------------------------------------------------------------------------ */

/* It is this process that is typed to, not a shell that has taken the terminal back. */
static bool in_foreground(void)
{
    return tcgetpgrp(held.out) == getpgrp();
}

/* Async-signal-safe. From a process in the background too, whom the kernel would stop for it; the
 * modes are the shell's then, which has set them for its prompt. */
static void restore(void)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN}, old;
    if (ry_load_relaxed(&held.taken) == 0)
        return;
    ry_store_relaxed(&held.taken, 0);
    sigaction(SIGTTOU, &ignore, &old);
    for (size_t at = 0; at < held.bytes;) {
        ssize_t written = write(held.out, held.restore + at, held.bytes - at);
        if (written <= 0 && errno != EINTR)
            break;
        at += written > 0 ? (size_t)written : 0;
    }
    if (in_foreground())
        tcsetattr(held.out, TCSANOW, &held.before);
    sigaction(SIGTTOU, &old, NULL);
}

static const int fatal[] = {SIGQUIT, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
#define FATAL (sizeof fatal / sizeof *fatal)
static struct sigaction fatal_before[FATAL];

static void on_fatal(int signal_number)
{
    restore();
    for (unsigned i = 0; i < FATAL; i++)
        if (fatal[i] == signal_number)
            sigaction(signal_number, &fatal_before[i], NULL);
    raise(signal_number); /* blocked until this returns */
}

static void on_suspend(int signal_number)
{
    (void)signal_number;
    ry_store_relaxed(&held.suspend, 1);
}

static void on_resumed(int signal_number)
{
    (void)signal_number;
    ry_store_relaxed(&held.resumed, 1);
}

static void handle(int signal_number, void (*handler)(int))
{
    struct sigaction old, action = {.sa_handler = handler};
    sigaction(signal_number, NULL, &old);
    if (old.sa_handler != SIG_IGN)
        sigaction(signal_number, &action, NULL);
}

static void handle_signals(void)
{
    for (unsigned i = 0; i < FATAL; i++) {
        struct sigaction action = {.sa_handler = on_fatal};
        sigaction(fatal[i], &action, &fatal_before[i]);
    }
    handle(SIGTSTP, on_suspend); /* before ncurses looks: it leaves these to us then */
    handle(SIGCONT, on_resumed);
}

static void forget_signals(void)
{
    struct sigaction usual = {.sa_handler = SIG_DFL};
    for (unsigned i = 0; i < FATAL; i++)
        sigaction(fatal[i], &fatal_before[i], NULL);
    sigaction(SIGTSTP, &usual, NULL);
    sigaction(SIGCONT, &usual, NULL);
}

/* ---- opening --------------------------------------------------------------------------------- */

/* The string of a capability, without the delays that terminals of old needed in it. */
static void add_string(const char *capability)
{
    const char *text = tigetstr(capability);
    if (text == NULL || text == (char *)-1)
        return;
    while (*text != 0 && held.bytes < sizeof held.restore) {
        const char *end = text[0] == '$' && text[1] == '<' ? strchr(text, '>') : NULL;
        if (end != NULL)
            text = end + 1;
        else
            held.restore[held.bytes++] = *text++;
    }
}

static int refuse(char *error, size_t error_bytes, const char *why)
{
    snprintf(error, error_bytes, "%s: `royale status DIR` needs no screen", why);
    return -1;
}

/* Whether a screen can be drawn there; then the terminal's description is there for add_string. */
static int look(int in, int out, char *error, size_t error_bytes)
{
    char why[128];
    int result = 0;
    const char *name = getenv("TERM");
    if (isatty(in) != 1 || isatty(out) != 1)
        return refuse(error, error_bytes, "standard input and output are not a terminal");
    if (name == NULL || name[0] == 0)
        return refuse(error, error_bytes, "TERM is not set");
    if (setupterm(NULL, out, &result) != OK) {
        snprintf(why, sizeof why, "TERM=%.40s is not known here", name);
        return refuse(error, error_bytes, why);
    }
    const char *cup = tigetstr("cup");
    if (cup == NULL || cup == (char *)-1) {
        snprintf(why, sizeof why, "TERM=%.40s cannot move its cursor", name);
        return refuse(error, error_bytes, why);
    }
    return tcgetattr(out, &held.before);
}

static void set_colors(void)
{
    static const short colors[RY_TOP_COLORS] = {0, COLOR_RED, COLOR_GREEN, COLOR_YELLOW,
                                                COLOR_CYAN};
    const char *no_color = getenv("NO_COLOR");
    held.color = has_colors() && (no_color == NULL || no_color[0] == 0);
    if (!held.color)
        return;
    start_color();
    use_default_colors();
    for (short i = 1; i < RY_TOP_COLORS; i++)
        init_pair(i, colors[i], -1);
}

/* Ctrl-Z comes as a key. As a signal it would stop the processes that a shell waits for before this
 * one has given the terminal back, and its prompt would get the modes of a screen. Ctrl-S is a key
 * too, and none that means anything: a terminal that it stops would keep this process in a write,
 * and the battle's end waiting for it. */
static void take_control_keys(void)
{
    struct termios modes;
    if (tcgetattr(held.out, &modes) != 0)
        return;
    modes.c_cc[VSUSP] = _POSIX_VDISABLE;
    modes.c_iflag &= ~(tcflag_t)IXON;
    tcsetattr(held.out, TCSANOW, &modes);
    def_prog_mode(); /* so they are after a stop */
}

int ry_top_terminal_open(struct ry_top_terminal *terminal, int in, int out, char *error,
                         size_t error_bytes)
{
    static const char *const restore[] = {"sgr0", "rmkx", "cnorm", "rmcup"};
    int looked = look(in, out, error, error_bytes);
    held.out = out;
    held.bytes = 0;
    for (unsigned i = 0; looked == 0 && i < sizeof restore / sizeof *restore; i++)
        add_string(restore[i]);
    (void)del_curterm(set_curterm(NULL)); /* newterm has one of its own */
    if (looked != 0)
        return -1;
    held.files[0] = fdopen(dup(in), "r");
    held.files[1] = fdopen(dup(out), "w");
    if (held.files[0] == NULL || held.files[1] == NULL)
        return refuse(error, error_bytes, strerror(errno));
    handle_signals();
    ry_store_relaxed(&held.taken, 1);
    held.screen = newterm(NULL, held.files[1], held.files[0]);
    if (held.screen == NULL) {
        ry_top_terminal_close();
        return refuse(error, error_bytes, "ncurses cannot use this terminal");
    }
    set_escdelay(ESCAPE_MS);
    cbreak(); /* Ctrl-C stays a signal */
    take_control_keys();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    leaveok(stdscr, TRUE);
    (void)curs_set(0);
    set_colors();
    *terminal = (struct ry_top_terminal){.unicode = strcmp(nl_langinfo(CODESET), "UTF-8") == 0,
                                         .color = held.color};
    return 0;
}

/* Ends what ncurses has switched on; nothing where a shell has the terminal. */
static void give_back(void)
{
    sigset_t block, before;
    if (held.away || !in_foreground())
        return;
    sigemptyset(&block);
    sigaddset(&block, SIGTTOU);
    sigprocmask(SIG_BLOCK, &block, &before);
    endwin();
    sigprocmask(SIG_SETMASK, &before, NULL);
}

void ry_top_terminal_close(void)
{
    if (held.screen != NULL) {
        give_back();
        delscreen(held.screen);
    }
    restore();
    for (unsigned i = 0; i < 2 && held.files[i] != NULL; i++) {
        fclose(held.files[i]);
        held.files[i] = NULL;
    }
    if (held.screen != NULL)
        forget_signals();
    held.screen = NULL;
}

/* ---- while it is open ------------------------------------------------------------------------ */

/* Stops every process that Ctrl-Z would, this one last. */
static void stop(void)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN}, old;
    give_back();
    held.away = true;
    ry_store_relaxed(&held.taken, 0);
    sigaction(SIGTSTP, &ignore, &old);
    if (kill(0, SIGTSTP) == 0)
        raise(SIGSTOP);
    sigaction(SIGTSTP, &old, NULL);
}

bool ry_top_terminal_again(void)
{
    if (ry_load_relaxed(&held.suspend) != 0) {
        ry_store_relaxed(&held.suspend, 0);
        stop();
    }
    if (ry_load_relaxed(&held.resumed) != 0) {
        ry_store_relaxed(&held.resumed, 0);
        held.away = true; /* whoever had the terminal meanwhile may have changed all of it */
    }
    if (!held.away || !in_foreground())
        return false;
    held.away = false;
    ry_store_relaxed(&held.taken, 1);
    reset_prog_mode();
    clearok(curscr, TRUE);
    refresh();
    return true;
}

static unsigned within(unsigned value, unsigned most)
{
    return value < 1 ? 1 : value > most ? most : value;
}

void ry_top_terminal_size(unsigned *width, unsigned *height)
{
    struct winsize size = {.ws_col = 0};
    if (ioctl(held.out, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0 &&
        (getmaxx(stdscr) != size.ws_col || getmaxy(stdscr) != size.ws_row))
        resizeterm(size.ws_row, size.ws_col);
    *width = within((unsigned)getmaxx(stdscr), RY_TOP_WIDTH_MAX);
    *height = within((unsigned)getmaxy(stdscr), RY_TOP_HEIGHT_MAX);
}

static attr_t attributes_of(uint8_t look)
{
    attr_t attributes = A_NORMAL;
    attributes |= (look & RY_TOP_BOLD) != 0 ? A_BOLD : 0;
    attributes |= (look & RY_TOP_DIM) != 0 ? A_DIM : 0;
    attributes |= (look & RY_TOP_REVERSE) != 0 ? A_REVERSE : 0;
    attributes |= (look & RY_TOP_UNDERLINE) != 0 ? A_UNDERLINE : 0;
    return attributes;
}

void ry_top_terminal_show(const struct ry_top_screen *screen)
{
    if (held.away)
        return;
    for (unsigned y = 0; y < screen->height; y++) {
        for (unsigned x = 0; x < screen->width; x++) {
            const struct ry_top_cell *cell = &screen->cell[y * screen->width + x];
            wchar_t glyph[2] = {(wchar_t)cell->glyph, 0};
            cchar_t shown;
            if (cell->glyph == 0)
                continue;
            short pair = held.color ? (short)(cell->look & RY_TOP_COLOR_MASK) : 0;
            if (setcchar(&shown, glyph, attributes_of(cell->look), pair, NULL) == OK)
                (void)mvadd_wch((int)y, (int)x, &shown); /* ERR in the last cell, though written */
        }
    }
    refresh();
}

uint32_t ry_top_terminal_key(void)
{
    static const struct {
        int key;
        uint32_t is;
    } keys[] = {
        {KEY_UP, RY_TOP_KEY_UP},
        {KEY_DOWN, RY_TOP_KEY_DOWN},
        {KEY_LEFT, RY_TOP_KEY_LEFT},
        {KEY_RIGHT, RY_TOP_KEY_RIGHT},
        {KEY_PPAGE, RY_TOP_KEY_PAGE_UP},
        {KEY_NPAGE, RY_TOP_KEY_PAGE_DOWN},
        {KEY_HOME, RY_TOP_KEY_HOME},
        {KEY_END, RY_TOP_KEY_END},
        {KEY_BTAB, RY_TOP_KEY_BACKTAB},
        {KEY_BACKSPACE, RY_TOP_KEY_BACKSPACE},
        {KEY_ENTER, '\n'},
    };
    while (!held.away) {
        int key = getch();
        if (key == ERR)
            break;
        if (key == SUSPEND) {
            ry_store_relaxed(&held.suspend, 1);
            break;
        }
        if (key > 0 && key < 0x80)
            return (uint32_t)key;
        for (unsigned i = 0; i < sizeof keys / sizeof *keys; i++)
            if (keys[i].key == key)
                return keys[i].is;
    }
    return 0;
}
