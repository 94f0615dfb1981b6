"""The names of countries, and what is called after them. Pure."""

from functools import cache

from index.terms import words

_CALLED = """
Afghanistan, Afghan
Albania, Albanian
Algeria, Algerian
Angola, Angolan
Argentina, Argentine, Argentinian
Armenia, Armenian
Australia, Australian
Austria, Austrian
Azerbaijan, Azerbaijani
Bahrain, Bahraini
Bangladesh, Bangladeshi
Belarus, Belarusian
Belgium, Belgian
Bolivia, Bolivian
Bosnia, Bosnian, Bosnia and Herzegovina
Brazil, Brazilian
Bulgaria, Bulgarian
Burkina Faso, Burkinabe
Cambodia, Cambodian
Cameroon, Cameroonian
Canada, Canadian
Chad, Chadian
Chile, Chilean
China, Chinese
Colombia, Colombian
Congo, Congolese, Democratic Republic of Congo, DRC
Costa Rica, Costa Rican
Croatia, Croatian
Cuba, Cuban
Cyprus, Cypriot
Czech Republic, Czech, Czechia
Denmark, Danish
Dominican Republic, Dominican
Ecuador, Ecuadorian
Egypt, Egyptian
El Salvador, Salvadoran
Estonia, Estonian
Ethiopia, Ethiopian
European Union, EU, European
Fiji, Fijian
Finland, Finnish
France, French
Georgia, Georgian
Germany, German
Ghana, Ghanaian
Greece, Greek
Guatemala, Guatemalan
Guinea, Guinean
Haiti, Haitian
Honduras, Honduran
Hungary, Hungarian
Iceland, Icelandic
India, Indian
Indonesia, Indonesian
Iran, Iranian
Iraq, Iraqi
Ireland, Irish
Israel, Israeli
Italy, Italian
Ivory Coast, Ivorian
Jamaica, Jamaican
Japan, Japanese
Jordan, Jordanian
Kazakhstan, Kazakh
Kenya, Kenyan
Kosovo, Kosovan, Kosovar
Kuwait, Kuwaiti
Kyrgyzstan, Kyrgyz
Laos, Laotian
Latvia, Latvian
Lebanon, Lebanese
Liberia, Liberian
Libya, Libyan
Lithuania, Lithuanian
Luxembourg, Luxembourgish
Malaysia, Malaysian
Mali, Malian
Malta, Maltese
Mexico, Mexican
Moldova, Moldovan
Mongolia, Mongolian
Montenegro, Montenegrin
Morocco, Moroccan
Mozambique, Mozambican
Myanmar, Burmese, Burma
Namibia, Namibian
Nepal, Nepali, Nepalese
Netherlands, Dutch
New Zealand, New Zealander
Nicaragua, Nicaraguan
Niger, Nigerien
Nigeria, Nigerian
North Korea, North Korean
North Macedonia, Macedonian
Norway, Norwegian
Oman, Omani
Pakistan, Pakistani
Palestine, Palestinian
Panama, Panamanian
Paraguay, Paraguayan
Peru, Peruvian
Philippines, Philippine, Filipino
Poland, Polish
Portugal, Portuguese
Qatar, Qatari
Romania, Romanian
Russia, Russian, Russian Federation
Rwanda, Rwandan
Saudi Arabia, Saudi
Scotland, Scottish
Senegal, Senegalese
Serbia, Serbian
Singapore, Singaporean
Slovakia, Slovak
Slovenia, Slovenian
Solomon Islands, Solomon Islander
Somalia, Somali
South Africa, South African
South Korea, South Korean
South Sudan, South Sudanese
Spain, Spanish
Sri Lanka, Sri Lankan
Sudan, Sudanese
Sweden, Swedish
Switzerland, Swiss
Syria, Syrian
Taiwan, Taiwanese
Tajikistan, Tajik
Tanzania, Tanzanian
Thailand, Thai
Tunisia, Tunisian
Turkey, Turkish, Türkiye
Turkmenistan, Turkmen
Uganda, Ugandan
Ukraine, Ukrainian
United Arab Emirates, Emirati, UAE
United Kingdom, British, Britain, UK, U.K., Great Britain
United Nations, UN, U.N.
United States, American, America, US, U.S., USA, United States of America
Uruguay, Uruguayan
Uzbekistan, Uzbek
Venezuela, Venezuelan
Vietnam, Vietnamese
Wales, Welsh
Yemen, Yemeni
Zambia, Zambian
Zimbabwe, Zimbabwean
"""
"""A line each: the country, or union of them; what is called after it; other names that it has."""


def called(place: str) -> tuple[str, ...]:
    """Return all that a country is called, and that is called after it; of another place, what it is called here.

    >>> called("swedish"), called("Boston")
    (('Sweden', 'Swedish'), ('Boston',))
    """
    return _by_name().get(_key(place), (place,))


def is_country(place: str) -> bool:
    """Tell whether it is one of the names of a country, or called after one.

    >>> is_country("the U.S."), is_country("Boston")
    (True, False)
    """
    return _key(place) in _by_name()


def _key(place: str) -> tuple[str, ...]:
    said = tuple(words(place))
    return said[1:] if said[:1] == ("the",) else said


@cache
def _by_name() -> dict[tuple[str, ...], tuple[str, ...]]:
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for line in _CALLED.strip().splitlines():
        names = tuple(line.split(", "))
        found |= {_key(name): names for name in names}
    return found
