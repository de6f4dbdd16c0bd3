"""cli: the operators' command line: up, demo, prove, policy, evidence, drill, bench, backup.

CLI-1  A command that fails says what is wrong and what to do, and exits with a status.
CLI-2  No personal value is printed.
CLI-3  What a command started, it ends.
"""
