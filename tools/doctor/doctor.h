/*
 * `royale doctor DIR|--box`: one archive to send with a question, without secrets: the plan, what
 * tuning lacks, logs, counters, the result, versions, and the machine.
 */
#ifndef RY_TOOLS_DOCTOR_DOCTOR_H
#define RY_TOOLS_DOCTOR_DOCTOR_H

/* Returns an exit code. */
int ry_doctor_main(int argc, char **argv);

#endif
