"""The trained reader and the cross-encoder: how their weights are made.

What runs them are `qa.spans` and `qa.cross_encoder`; `README.md` is their model card.

examples    question-answer data sets -> examples, and such as no passage answers
pairs       examples -> pairs of a question and a passage in tokens; an epoch, drawn
draw        epochs of pairs -> one file, `drawn`: `python -m qa.reader.draw DATA DRAWN`
network     the layers of BERT that read such a pair
train       DRAWN -> a reader: `python -m qa.reader.train DRAWN OUT`
distil      a reader that learns from several: `python -m qa.reader.distil DRAWN OUT --begin READER`
refine      a reader, trained on: `python -m qa.reader.refine DRAWN OUT --begin READER`
cross       the cross-encoder, trained on: `python -m qa.reader.cross DATA OUT`
both        the cross-encoder, which learns to mark words, too: `python -m qa.reader.both DATA DRAWN OUT --begin FILE`
weights     the trained layers -> the file that ships
scores      how right an answer is
"""
