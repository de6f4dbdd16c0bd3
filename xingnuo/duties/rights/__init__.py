"""rights: what a person may ask of us, and get, in time.

RIGHTS-1  An export misses nothing that is stored about the person, and masks by the policy.
RIGHTS-2  Each request has a clock from the moment it is made, and ends with an answer.
RIGHTS-3  A withdrawal holds for the next call on every process; what is past stands.
RIGHTS-4  A durable erasure request comes before any erasing; every step can be resumed.
RIGHTS-5  Closure is refused only with the named open business that blocks it.
RIGHTS-6  A correction reaches every room and recipient that holds the old value.
RIGHTS-7  An agent or guardian acts only with a verified right to.
RIGHTS-8  A residue search follows every erasure, and its certificate can be checked.
"""
