"""The trained reader: how its weights are made, all in one by `python -m qa.reader DATA OUT`.

What runs it is `qa.spans`; `README.md` is its model card.

examples    question-answer data sets -> examples, and such as no passage answers
pairs       examples -> pairs of a question and a passage in tokens; an epoch, drawn
draw        epochs of pairs -> one file, `drawn`: `python -m qa.reader.draw DATA DRAWN`
network     the layers of BERT that read such a pair
train       learns to mark words; by itself a smaller reader: `python -m qa.reader.train DRAWN OUT`
cross       learns which of several sentences answers: `python -m qa.reader.cross DATA OUT`
both        learns both, from what `cross` made: `python -m qa.reader.both DATA DRAWN OUT --begin FILE`
weights     the trained layers -> the file that ships
scores      how right an answer is
"""
