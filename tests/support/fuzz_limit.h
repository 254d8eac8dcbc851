/*
 * A limit on one run of a fuzz target, in CPU time: an input that takes too long is a finding, a
 * machine that has no time for the fuzzer is none. (libFuzzer's own -timeout goes by the wall
 * clock; tests/fuzz/run turns it off.)
 *
 * Each LLVMFuzzerTestOneInput begins with fuzz_limit(FUZZ_LIMIT_SECONDS).
 */
#ifndef RY_TESTS_SUPPORT_FUZZ_LIMIT_H
#define RY_TESTS_SUPPORT_FUZZ_LIMIT_H

#define FUZZ_LIMIT_SECONDS 10

/* From now on the process may use so much CPU time, until this is called again; then it says so and
 * aborts, which libFuzzer turns into a crash with its input. Owns SIGPROF and ITIMER_PROF. */
void fuzz_limit(unsigned seconds);

#endif
