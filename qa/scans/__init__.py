"""What is answered from all that the articles say, or from one of them, rather than from the likeliest passages.

listing     a question -> the list, count or time line that it asks for
scan        that -> all that belongs to it, each with a citation; `timeline`: which sentences date something
summary     a summary that is asked for -> the sentences that tell most of an article
cited       who wrote what the last answer cites, and when; `speaker`: who says what it quotes
holders     who holds an office -> those whom articles name, the newest first
acronyms    what letters stand for -> the sentences that spell it out
"""
