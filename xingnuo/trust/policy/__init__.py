"""policy: the published policy is the program; what it does not allow cannot run.

POL-1  The version in force at an instant is a pure function of the published versions.
POL-2  A published version never changes: its document's hash is in file, database and consents.
POL-3  Code that declares more than is published is refused at run time and named by `policy diff`.
POL-4  Every reference resolves: items, functions, controllers, recipients, rules, laws in force.
POL-5  No recipient abroad, none paid for data, none with a marketing purpose can be declared.
"""
