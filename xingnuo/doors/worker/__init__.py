"""worker: work that does not wait for a person.

WORKER-1  A job carries ids and a purpose, never a permit or a personal value.
WORKER-2  Each job asks for its permit when it runs, so a withdrawal in between holds.
WORKER-3  A job that runs twice has the effect of one.
WORKER-4  Every queue, retry and time-out has a limit with a name.
"""
