"""From a question to an answer that cites its sources.

The query path, in the order in which a question flows:

    question    what was typed -> a question that can be asked, or a refusal in words; `plain`: without what only leads
                up to it; `parts`: the several questions that it may be, or the two things that it compares
    followup    a question + the turns before it -> a question that stands alone
    spelling    names that no article has -> as the articles spell them
    intent      what it says of time, outlet and author -> a scope, and a leaning; `dates`, `outlets`: who reads which
    scan        a list, count or time line that is asked for -> all that belongs to it, cited; `listing`: what is asked;
                `timeline`: which sentences date something; `cited`: who wrote what the last answer cites, and when
    summary     a summary that is asked for -> the sentences that tell most of an article
    holders     who holds an office -> those whom articles name, the newest first; `offices`: what is asked, and who is
                named; `countries`: what a country is called
    acronyms    what letters stand for -> the sentences that spell it out
    retrieve    question -> hits: dense and lexical search, fused; `leaning`: what comes first where all is about equal
    read        (question, hits) -> for each sentence, how likely it is to answer; `speech`: who said what;
                `defining`: what something is; `paratext`: captions and credits, which tell nothing; `spans`: which
                words of a text answer, and how well it does, by a reader that was trained (`reader/`); `hub`: another,
                by its name on the Hugging Face hub
    meaning     the same by nearness in meaning, for what is not in English (`tongues`)
    compose     readings -> an answer made of the articles' own sentences; `reckoned`: which day "on Tuesday" was
    answer      Answer, Citation, Turn, and the Assistant that does all of this
    assemble    the only place where parts are chosen

How good that is, on a person's own questions:

    questions   a file -> questions, and what each is expected to find
    evaluate    questions -> what came of each, and figures with their confidence intervals
"""

from qa.answer import Answer
from qa.assemble import ask, retrieve, stream
from qa.compose import Citation
from qa.followup import Turn

__all__ = ["Answer", "Citation", "Turn", "ask", "retrieve", "stream"]
