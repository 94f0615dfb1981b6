"""From a question to an answer that cites its sources.

The query path, in the order in which a question flows:

    question    what was typed -> a question that can be asked, or a refusal in words; `plain`: without what only leads
                up to it; `parts`: the several questions that it may be, or the two things that it compares
    followup    a question + the turns before it -> a question that stands alone
    spelling    names that no article has -> as the articles spell them
    intent      what it says of time, outlet and author -> a scope, and a leaning; `outlets`: who reads which
    scans/      what is not answered from the likeliest passages: lists, counts, time lines, summaries, who holds an
                office, what letters stand for, and what the last answer cites
    retrieve    question -> hits: dense and lexical search, fused; `leaning`: what comes first where all is about equal
    absent      what is named, and stands in no article
    read        (question, hits) -> for each sentence, how likely it is to answer; `ruled`: what rules tell before;
                `quoted`: what is quoted as one; `spans`: which words of a text answer, and how well it does, by a
                reader that was trained (`reader/`); `remembered`: what that said last; `hub`: another, by its name on
                the Hugging Face hub
    meaning     the same by nearness in meaning, for what is not in English
    compose     readings -> an answer made of the articles' own sentences
    answer      Answer, Citation, Turn, and the Assistant that does all of this
    assemble    the only place where parts are chosen

`wording/` tells what words mean, in a question and in a sentence, to all of these.

How good that is, on a person's own questions:

    questions   a file -> questions, and what each is expected to find
    evaluate    questions -> what came of each, and figures with their confidence intervals
"""

from qa.answer import Answer
from qa.assemble import ask, retrieve, stream
from qa.compose import Citation
from qa.followup import Turn

__all__ = ["Answer", "Citation", "Turn", "ask", "retrieve", "stream"]
