/* Runs a command in the foreground of the caller's process group. */
#ifndef SHUNT_CLI_CHILD_H
#define SHUNT_CLI_CHILD_H

/* Starts argv[0] by PATH with the environment as it is and with the signals that we inherited,
 * hands on the signals that other processes send to us, stops and goes on with the command, and
 * waits for its end. Returns its wait status; when it cannot be executed that of an exit with 127
 * (not found) or 126 (not executable), after a sentence; -1 when no process could be made. */
int child_run(char *const *argv);

/* Ends this process as the wait status says: with the same exit status, or by the same signal. */
_Noreturn void child_mirror(int status);

#endif
