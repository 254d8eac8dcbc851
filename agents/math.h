/*
 * Exponential and natural logarithm with the same bits on every machine.
 *
 * libm chooses its code by the CPU (with or without fused multiply-add) and differs in the last
 * bit. These use
 * + - * / on doubles alone, in one order, compiled with -ffp-contract=off; rounding to nearest is
 * assumed and is what the host sets. Errors stay below 1 ulp (test_agent_math.c). An author calls
 * them ry_exp and ry_log (agents/agent.h).
 */
#ifndef RY_AGENTS_MATH_H
#define RY_AGENTS_MATH_H

/* 0 below -745.13.., infinity above 709.78..; NaN stays NaN. */
double ry_agent_exp(double x);

/* -infinity of 0, NaN below 0. */
double ry_agent_log_e(double x);

#endif
