/*
 * A line to a serial console takes a millisecond a dozen characters at 115200 baud, by the core
 * that had something to say and with interrupts off: only what ends the machine (level 0) goes
 * there, all else stays in the kernel's log (dmesg). The framebuffer's cursor blinks by a timer and
 * a worker.
 */
#include <string.h>

#include "tuning/stage.h"

#define PRINTK "/proc/sys/kernel/printk"
#define BLINK  "/sys/class/graphics/fbcon/cursor_blink"

void ry_tuning_stage_console(const struct ry_tuning_host *host,
                             const struct ry_tuning_target *target,
                             const struct ry_tuning_findings *findings)
{
    char blinks[16];
    (void)target;
    /* The other three numbers stay when one alone is written. */
    ry_tuning_tell(host, findings, RY_TUNING_FIRST, PRINTK, "1",
                   "this kernel prints no messages (CONFIG_PRINTK)");
    /* -1: a framebuffer console without a framebuffer. */
    if (ry_tuning_host_line(host, BLINK, blinks, sizeof blinks) && strcmp(blinks, "-1") != 0)
        ry_tuning_tell(host, findings, RY_TUNING_NUMBER, BLINK, "0", NULL);
    else
        ry_tuning_tell_fact(findings, RY_TUNING_OK, BLINK, "", "",
                            "there is no console on a screen, so no cursor blinks");
}
