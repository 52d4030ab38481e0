package phone

// longestPrefix is how many digits the longest key of prefixes has.
const longestPrefix = 7

// prefixes maps the first digits of a number outside +1 to where it may be. The longest match decides. Sources: ITU
// E.164 list of assigned country codes; the countries' own numbering plans for longer prefixes (Ofcom: Jersey,
// Guernsey and the Isle of Man; ACMA: Australia; Anatel: Brazil); zone.tab of the IANA time zone database for the
// zones. Where a country has several zones and its mobile numbers do not tell them apart, all are listed, but only
// one of those with the same clock. A number that is not listed is unknown, and nothing is sent to it. Satellite and
// international networks are not listed.
var prefixes = map[string]Area{
	"20":      "EG|Africa/Cairo",                                                                                                  // Egypt
	"211":     "SS|Africa/Juba",                                                                                                   // South Sudan
	"212":     "MA|Africa/Casablanca",                                                                                             // Morocco and Western Sahara
	"213":     "DZ|Africa/Algiers",                                                                                                // Algeria
	"216":     "TN|Africa/Tunis",                                                                                                  // Tunisia
	"218":     "LY|Africa/Tripoli",                                                                                                // Libya
	"220":     "GM|Africa/Banjul",                                                                                                 // Gambia
	"221":     "SN|Africa/Dakar",                                                                                                  // Senegal
	"222":     "MR|Africa/Nouakchott",                                                                                             // Mauritania
	"223":     "ML|Africa/Bamako",                                                                                                 // Mali
	"224":     "GN|Africa/Conakry",                                                                                                // Guinea
	"225":     "CI|Africa/Abidjan",                                                                                                // Côte d'Ivoire
	"226":     "BF|Africa/Ouagadougou",                                                                                            // Burkina Faso
	"227":     "NE|Africa/Niamey",                                                                                                 // Niger
	"228":     "TG|Africa/Lome",                                                                                                   // Togo
	"229":     "BJ|Africa/Porto-Novo",                                                                                             // Benin
	"230":     "MU|Indian/Mauritius",                                                                                              // Mauritius
	"231":     "LR|Africa/Monrovia",                                                                                               // Liberia
	"232":     "SL|Africa/Freetown",                                                                                               // Sierra Leone
	"233":     "GH|Africa/Accra",                                                                                                  // Ghana
	"234":     "NG|Africa/Lagos",                                                                                                  // Nigeria
	"235":     "TD|Africa/Ndjamena",                                                                                               // Chad
	"236":     "CF|Africa/Bangui",                                                                                                 // Central African Republic
	"237":     "CM|Africa/Douala",                                                                                                 // Cameroon
	"238":     "CV|Atlantic/Cape_Verde",                                                                                           // Cape Verde
	"239":     "ST|Africa/Sao_Tome",                                                                                               // São Tomé and Príncipe
	"240":     "GQ|Africa/Malabo",                                                                                                 // Equatorial Guinea
	"241":     "GA|Africa/Libreville",                                                                                             // Gabon
	"242":     "CG|Africa/Brazzaville",                                                                                            // Congo
	"243":     "CD|Africa/Kinshasa+Africa/Lubumbashi",                                                                             // Democratic Republic of the Congo
	"244":     "AO|Africa/Luanda",                                                                                                 // Angola
	"245":     "GW|Africa/Bissau",                                                                                                 // Guinea-Bissau
	"246":     "IO|Indian/Chagos",                                                                                                 // British Indian Ocean Territory
	"247":     "SH|Atlantic/St_Helena",                                                                                            // Ascension
	"248":     "SC|Indian/Mahe",                                                                                                   // Seychelles
	"249":     "SD|Africa/Khartoum",                                                                                               // Sudan
	"250":     "RW|Africa/Kigali",                                                                                                 // Rwanda
	"251":     "ET|Africa/Addis_Ababa",                                                                                            // Ethiopia
	"252":     "SO|Africa/Mogadishu",                                                                                              // Somalia
	"253":     "DJ|Africa/Djibouti",                                                                                               // Djibouti
	"254":     "KE|Africa/Nairobi",                                                                                                // Kenya
	"255":     "TZ|Africa/Dar_es_Salaam",                                                                                          // Tanzania
	"256":     "UG|Africa/Kampala",                                                                                                // Uganda
	"257":     "BI|Africa/Bujumbura",                                                                                              // Burundi
	"258":     "MZ|Africa/Maputo",                                                                                                 // Mozambique
	"260":     "ZM|Africa/Lusaka",                                                                                                 // Zambia
	"261":     "MG|Indian/Antananarivo",                                                                                           // Madagascar
	"262":     "RE|Indian/Reunion",                                                                                                // Réunion
	"262269":  "YT|Indian/Mayotte",                                                                                                // Mayotte
	"262639":  "YT|Indian/Mayotte",                                                                                                // Mayotte, mobile
	"263":     "ZW|Africa/Harare",                                                                                                 // Zimbabwe
	"264":     "NA|Africa/Windhoek",                                                                                               // Namibia
	"265":     "MW|Africa/Blantyre",                                                                                               // Malawi
	"266":     "LS|Africa/Maseru",                                                                                                 // Lesotho
	"267":     "BW|Africa/Gaborone",                                                                                               // Botswana
	"268":     "SZ|Africa/Mbabane",                                                                                                // Eswatini
	"269":     "KM|Indian/Comoro",                                                                                                 // Comoros
	"27":      "ZA|Africa/Johannesburg",                                                                                           // South Africa
	"290":     "SH|Atlantic/St_Helena",                                                                                            // Saint Helena and Tristan da Cunha
	"291":     "ER|Africa/Asmara",                                                                                                 // Eritrea
	"297":     "AW|America/Aruba",                                                                                                 // Aruba
	"298":     "FO|Atlantic/Faroe",                                                                                                // Faroe Islands
	"299":     "GL|America/Danmarkshavn+America/Nuuk+America/Thule",                                                               // Greenland
	"30":      "GR|Europe/Athens",                                                                                                 // Greece
	"31":      "NL|Europe/Amsterdam",                                                                                              // Netherlands
	"32":      "BE|Europe/Brussels",                                                                                               // Belgium
	"33":      "FR|Europe/Paris",                                                                                                  // France; the overseas departments have codes of their own
	"34":      "ES|Atlantic/Canary+Europe/Madrid",                                                                                 // Spain: a mobile may be from the Canaries
	"348":     "ES|Europe/Madrid",                                                                                                 // Spain, mainland and Balearics
	"34822":   "ES|Atlantic/Canary",                                                                                               // Santa Cruz de Tenerife
	"34828":   "ES|Atlantic/Canary",                                                                                               // Las Palmas
	"349":     "ES|Europe/Madrid",                                                                                                 // Spain, mainland and Balearics
	"34922":   "ES|Atlantic/Canary",                                                                                               // Santa Cruz de Tenerife
	"34928":   "ES|Atlantic/Canary",                                                                                               // Las Palmas
	"350":     "GI|Europe/Gibraltar",                                                                                              // Gibraltar
	"351":     "PT|Atlantic/Azores+Europe/Lisbon",                                                                                 // Portugal: a mobile may be from the Azores; Madeira keeps Lisbon's time
	"3512":    "PT|Europe/Lisbon",                                                                                                 // Portugal, mainland and Madeira
	"351292":  "PT|Atlantic/Azores",                                                                                               // Faial and the western Azores
	"351295":  "PT|Atlantic/Azores",                                                                                               // Terceira and the central Azores
	"351296":  "PT|Atlantic/Azores",                                                                                               // São Miguel and the eastern Azores
	"352":     "LU|Europe/Luxembourg",                                                                                             // Luxembourg
	"353":     "IE|Europe/Dublin",                                                                                                 // Ireland
	"354":     "IS|Atlantic/Reykjavik",                                                                                            // Iceland
	"355":     "AL|Europe/Tirane",                                                                                                 // Albania
	"356":     "MT|Europe/Malta",                                                                                                  // Malta
	"357":     "CY|Asia/Nicosia",                                                                                                  // Cyprus
	"358":     "FI|Europe/Helsinki",                                                                                               // Finland
	"35818":   "AX|Europe/Mariehamn",                                                                                              // Åland
	"359":     "BG|Europe/Sofia",                                                                                                  // Bulgaria
	"36":      "HU|Europe/Budapest",                                                                                               // Hungary
	"370":     "LT|Europe/Vilnius",                                                                                                // Lithuania
	"371":     "LV|Europe/Riga",                                                                                                   // Latvia
	"372":     "EE|Europe/Tallinn",                                                                                                // Estonia
	"373":     "MD|Europe/Chisinau",                                                                                               // Moldova
	"374":     "AM|Asia/Yerevan",                                                                                                  // Armenia
	"375":     "BY|Europe/Minsk",                                                                                                  // Belarus
	"376":     "AD|Europe/Andorra",                                                                                                // Andorra
	"377":     "MC|Europe/Monaco",                                                                                                 // Monaco
	"378":     "SM|Europe/San_Marino",                                                                                             // San Marino
	"380":     "UA|Europe/Kyiv+Europe/Simferopol",                                                                                 // Ukraine: Crimea keeps Moscow's time
	"381":     "RS|Europe/Belgrade",                                                                                               // Serbia
	"382":     "ME|Europe/Podgorica",                                                                                              // Montenegro
	"383":     "XK|Europe/Belgrade",                                                                                               // Kosovo
	"385":     "HR|Europe/Zagreb",                                                                                                 // Croatia
	"386":     "SI|Europe/Ljubljana",                                                                                              // Slovenia
	"387":     "BA|Europe/Sarajevo",                                                                                               // Bosnia and Herzegovina
	"389":     "MK|Europe/Skopje",                                                                                                 // North Macedonia
	"39":      "IT|Europe/Rome",                                                                                                   // Italy
	"390549":  "SM|Europe/San_Marino",                                                                                             // San Marino
	"3906698": "VA|Europe/Vatican",                                                                                                // Vatican City
	"40":      "RO|Europe/Bucharest",                                                                                              // Romania
	"41":      "CH|Europe/Zurich",                                                                                                 // Switzerland
	"420":     "CZ|Europe/Prague",                                                                                                 // Czechia
	"421":     "SK|Europe/Bratislava",                                                                                             // Slovakia
	"423":     "LI|Europe/Vaduz",                                                                                                  // Liechtenstein
	"43":      "AT|Europe/Vienna",                                                                                                 // Austria
	"44":      "GB|Europe/London",                                                                                                 // United Kingdom
	"441481":  "GG|Europe/Guernsey",                                                                                               // Guernsey
	"447781":  "GG|Europe/Guernsey",                                                                                               // Guernsey, mobile
	"447839":  "GG|Europe/Guernsey",                                                                                               // Guernsey, mobile
	"4479111": "GG|Europe/Guernsey",                                                                                               // Guernsey, mobile
	"4479117": "GG|Europe/Guernsey",                                                                                               // Guernsey, mobile
	"441534":  "JE|Europe/Jersey",                                                                                                 // Jersey
	"447509":  "JE|Europe/Jersey",                                                                                                 // Jersey, mobile
	"4477003": "JE|Europe/Jersey",                                                                                                 // Jersey, mobile
	"4477007": "JE|Europe/Jersey",                                                                                                 // Jersey, mobile
	"4477008": "JE|Europe/Jersey",                                                                                                 // Jersey, mobile
	"447797":  "JE|Europe/Jersey",                                                                                                 // Jersey, mobile
	"447829":  "JE|Europe/Jersey",                                                                                                 // Jersey, mobile
	"447937":  "JE|Europe/Jersey",                                                                                                 // Jersey, mobile
	"441624":  "IM|Europe/Isle_of_Man",                                                                                            // Isle of Man
	"4474576": "IM|Europe/Isle_of_Man",                                                                                            // Isle of Man, mobile
	"447524":  "IM|Europe/Isle_of_Man",                                                                                            // Isle of Man, mobile
	"447624":  "IM|Europe/Isle_of_Man",                                                                                            // Isle of Man, mobile
	"447924":  "IM|Europe/Isle_of_Man",                                                                                            // Isle of Man, mobile
	"45":      "DK|Europe/Copenhagen",                                                                                             // Denmark
	"46":      "SE|Europe/Stockholm",                                                                                              // Sweden
	"47":      "NO|Europe/Oslo",                                                                                                   // Norway
	"4779":    "SJ|Arctic/Longyearbyen",                                                                                           // Svalbard
	"48":      "PL|Europe/Warsaw",                                                                                                 // Poland
	"49":      "DE|Europe/Berlin",                                                                                                 // Germany
	"500":     "FK|Atlantic/Stanley",                                                                                              // Falkland Islands
	"501":     "BZ|America/Belize",                                                                                                // Belize
	"502":     "GT|America/Guatemala",                                                                                             // Guatemala
	"503":     "SV|America/El_Salvador",                                                                                           // El Salvador
	"504":     "HN|America/Tegucigalpa",                                                                                           // Honduras
	"505":     "NI|America/Managua",                                                                                               // Nicaragua
	"506":     "CR|America/Costa_Rica",                                                                                            // Costa Rica
	"507":     "PA|America/Panama",                                                                                                // Panama
	"508":     "PM|America/Miquelon",                                                                                              // Saint Pierre and Miquelon
	"509":     "HT|America/Port-au-Prince",                                                                                        // Haiti
	"51":      "PE|America/Lima",                                                                                                  // Peru
	"52":      "MX|America/Cancun+America/Ciudad_Juarez+America/Hermosillo+America/Matamoros+America/Mexico_City+America/Tijuana", // Mexico
	"5233":    "MX|America/Mexico_City",                                                                                           // Guadalajara
	"5255":    "MX|America/Mexico_City",                                                                                           // Mexico City
	"5256":    "MX|America/Mexico_City",                                                                                           // Mexico City
	"5281":    "MX|America/Mexico_City",                                                                                           // Monterrey, whose clock is the same
	"53":      "CU|America/Havana",                                                                                                // Cuba
	"54":      "AR|America/Argentina/Buenos_Aires",                                                                                // Argentina

	// Brazil, by area code.
	"5511": "BR-SP|America/Sao_Paulo",
	"5512": "BR-SP|America/Sao_Paulo",
	"5513": "BR-SP|America/Sao_Paulo",
	"5514": "BR-SP|America/Sao_Paulo",
	"5515": "BR-SP|America/Sao_Paulo",
	"5516": "BR-SP|America/Sao_Paulo",
	"5517": "BR-SP|America/Sao_Paulo",
	"5518": "BR-SP|America/Sao_Paulo",
	"5519": "BR-SP|America/Sao_Paulo",
	"5521": "BR-RJ|America/Sao_Paulo",
	"5522": "BR-RJ|America/Sao_Paulo",
	"5524": "BR-RJ|America/Sao_Paulo",
	"5527": "BR-ES|America/Sao_Paulo",
	"5528": "BR-ES|America/Sao_Paulo",
	"5531": "BR-MG|America/Sao_Paulo",
	"5532": "BR-MG|America/Sao_Paulo",
	"5533": "BR-MG|America/Sao_Paulo",
	"5534": "BR-MG|America/Sao_Paulo",
	"5535": "BR-MG|America/Sao_Paulo",
	"5537": "BR-MG|America/Sao_Paulo",
	"5538": "BR-MG|America/Sao_Paulo",
	"5541": "BR-PR|America/Sao_Paulo",
	"5542": "BR-PR|America/Sao_Paulo",
	"5543": "BR-PR|America/Sao_Paulo",
	"5544": "BR-PR|America/Sao_Paulo",
	"5545": "BR-PR|America/Sao_Paulo",
	"5546": "BR-PR|America/Sao_Paulo",
	"5547": "BR-SC|America/Sao_Paulo",
	"5548": "BR-SC|America/Sao_Paulo",
	"5549": "BR-SC|America/Sao_Paulo",
	"5551": "BR-RS|America/Sao_Paulo",
	"5553": "BR-RS|America/Sao_Paulo",
	"5554": "BR-RS|America/Sao_Paulo",
	"5555": "BR-RS|America/Sao_Paulo",
	"5561": "BR-DF|America/Sao_Paulo&BR-GO|America/Sao_Paulo",
	"5562": "BR-GO|America/Sao_Paulo",
	"5563": "BR-TO|America/Araguaina",
	"5564": "BR-GO|America/Sao_Paulo",
	"5565": "BR-MT|America/Cuiaba",
	"5566": "BR-MT|America/Cuiaba",
	"5567": "BR-MS|America/Campo_Grande",
	"5568": "BR-AC|America/Rio_Branco",
	"5569": "BR-RO|America/Porto_Velho",
	"5571": "BR-BA|America/Bahia",
	"5573": "BR-BA|America/Bahia",
	"5574": "BR-BA|America/Bahia",
	"5575": "BR-BA|America/Bahia",
	"5577": "BR-BA|America/Bahia",
	"5579": "BR-SE|America/Maceio",
	"5581": "BR-PE|America/Noronha+America/Recife",
	"5582": "BR-AL|America/Maceio",
	"5583": "BR-PB|America/Fortaleza",
	"5584": "BR-RN|America/Fortaleza",
	"5585": "BR-CE|America/Fortaleza",
	"5586": "BR-PI|America/Fortaleza",
	"5587": "BR-PE|America/Recife",
	"5588": "BR-CE|America/Fortaleza",
	"5589": "BR-PI|America/Fortaleza",
	"5591": "BR-PA|America/Belem",
	"5592": "BR-AM|America/Manaus",
	"5593": "BR-PA|America/Belem+America/Santarem",
	"5594": "BR-PA|America/Belem+America/Santarem",
	"5595": "BR-RR|America/Boa_Vista",
	"5596": "BR-AP|America/Belem",
	"5597": "BR-AM|America/Eirunepe+America/Manaus",
	"5598": "BR-MA|America/Fortaleza",
	"5599": "BR-MA|America/Fortaleza",

	"56":      "CL|America/Punta_Arenas+America/Santiago+Pacific/Easter",                                                                                                                // Chile
	"57":      "CO|America/Bogota",                                                                                                                                                      // Colombia
	"58":      "VE|America/Caracas",                                                                                                                                                     // Venezuela
	"590":     "GP|America/Guadeloupe",                                                                                                                                                  // Guadeloupe; Saint-Barthélemy and Saint-Martin keep the same time
	"591":     "BO|America/La_Paz",                                                                                                                                                      // Bolivia
	"592":     "GY|America/Guyana",                                                                                                                                                      // Guyana
	"593":     "EC|America/Guayaquil+Pacific/Galapagos",                                                                                                                                 // Ecuador
	"594":     "GF|America/Cayenne",                                                                                                                                                     // French Guiana
	"595":     "PY|America/Asuncion",                                                                                                                                                    // Paraguay
	"596":     "MQ|America/Martinique",                                                                                                                                                  // Martinique
	"597":     "SR|America/Paramaribo",                                                                                                                                                  // Suriname
	"598":     "UY|America/Montevideo",                                                                                                                                                  // Uruguay
	"5993":    "BQ|America/Kralendijk",                                                                                                                                                  // Sint Eustatius
	"5994":    "BQ|America/Kralendijk",                                                                                                                                                  // Saba
	"5997":    "BQ|America/Kralendijk",                                                                                                                                                  // Bonaire
	"5999":    "CW|America/Curacao",                                                                                                                                                     // Curaçao
	"60":      "MY|Asia/Kuala_Lumpur",                                                                                                                                                   // Malaysia
	"61":      "AU-*|*",                                                                                                                                                                 // Australia: a mobile may be from any state
	"612":     "AU-ACT|Australia/Sydney&AU-NSW|Australia/Lord_Howe+Australia/Sydney",                                                                                                    // the Central East
	"613":     "AU-NSW|Australia/Sydney&AU-TAS|Australia/Hobart&AU-VIC|Australia/Melbourne",                                                                                             // the South East, with the Riverina
	"617":     "AU-NSW|Australia/Sydney&AU-QLD|Australia/Brisbane",                                                                                                                      // the North East, with the Tweed
	"618":     "AU-NSW|Australia/Adelaide&AU-NT|Australia/Darwin&AU-SA|Australia/Adelaide&AU-WA|Australia/Eucla+Australia/Perth",                                                        // Central and West, with Broken Hill
	"6189162": "CC|Indian/Cocos",                                                                                                                                                        // Cocos (Keeling) Islands
	"6189164": "CX|Indian/Christmas",                                                                                                                                                    // Christmas Island
	"62":      "ID|Asia/Jakarta+Asia/Jayapura+Asia/Makassar",                                                                                                                            // Indonesia
	"63":      "PH|Asia/Manila",                                                                                                                                                         // Philippines
	"64":      "NZ|Pacific/Auckland+Pacific/Chatham",                                                                                                                                    // New Zealand
	"65":      "SG|Asia/Singapore",                                                                                                                                                      // Singapore
	"66":      "TH|Asia/Bangkok",                                                                                                                                                        // Thailand
	"670":     "TL|Asia/Dili",                                                                                                                                                           // Timor-Leste
	"6723":    "NF|Pacific/Norfolk",                                                                                                                                                     // Norfolk Island
	"673":     "BN|Asia/Brunei",                                                                                                                                                         // Brunei
	"674":     "NR|Pacific/Nauru",                                                                                                                                                       // Nauru
	"675":     "PG|Pacific/Bougainville+Pacific/Port_Moresby",                                                                                                                           // Papua New Guinea
	"676":     "TO|Pacific/Tongatapu",                                                                                                                                                   // Tonga
	"677":     "SB|Pacific/Guadalcanal",                                                                                                                                                 // Solomon Islands
	"678":     "VU|Pacific/Efate",                                                                                                                                                       // Vanuatu
	"679":     "FJ|Pacific/Fiji",                                                                                                                                                        // Fiji
	"680":     "PW|Pacific/Palau",                                                                                                                                                       // Palau
	"681":     "WF|Pacific/Wallis",                                                                                                                                                      // Wallis and Futuna
	"682":     "CK|Pacific/Rarotonga",                                                                                                                                                   // Cook Islands
	"683":     "NU|Pacific/Niue",                                                                                                                                                        // Niue
	"685":     "WS|Pacific/Apia",                                                                                                                                                        // Samoa
	"686":     "KI|Pacific/Kanton+Pacific/Kiritimati+Pacific/Tarawa",                                                                                                                    // Kiribati
	"687":     "NC|Pacific/Noumea",                                                                                                                                                      // New Caledonia
	"688":     "TV|Pacific/Funafuti",                                                                                                                                                    // Tuvalu
	"689":     "PF|Pacific/Gambier+Pacific/Marquesas+Pacific/Tahiti",                                                                                                                    // French Polynesia
	"690":     "TK|Pacific/Fakaofo",                                                                                                                                                     // Tokelau
	"691":     "FM|Pacific/Chuuk+Pacific/Pohnpei",                                                                                                                                       // Micronesia
	"692":     "MH|Pacific/Majuro",                                                                                                                                                      // Marshall Islands
	"7":       "RU|Asia/Irkutsk+Asia/Kamchatka+Asia/Krasnoyarsk+Asia/Magadan+Asia/Omsk+Asia/Vladivostok+Asia/Yakutsk+Asia/Yekaterinburg+Europe/Kaliningrad+Europe/Moscow+Europe/Samara", // Russia
	"76":      "KZ|Asia/Almaty",                                                                                                                                                         // Kazakhstan
	"77":      "KZ|Asia/Almaty",                                                                                                                                                         // Kazakhstan
	"81":      "JP|Asia/Tokyo",                                                                                                                                                          // Japan
	"82":      "KR|Asia/Seoul",                                                                                                                                                          // South Korea
	"84":      "VN|Asia/Ho_Chi_Minh",                                                                                                                                                    // Vietnam
	"850":     "KP|Asia/Pyongyang",                                                                                                                                                      // North Korea
	"852":     "HK|Asia/Hong_Kong",                                                                                                                                                      // Hong Kong
	"853":     "MO|Asia/Macau",                                                                                                                                                          // Macao
	"855":     "KH|Asia/Phnom_Penh",                                                                                                                                                     // Cambodia
	"856":     "LA|Asia/Vientiane",                                                                                                                                                      // Laos
	"86":      "CN|Asia/Shanghai+Asia/Urumqi",                                                                                                                                           // China: Xinjiang keeps its own time besides Beijing's
	"880":     "BD|Asia/Dhaka",                                                                                                                                                          // Bangladesh
	"886":     "TW|Asia/Taipei",                                                                                                                                                         // Taiwan
	"90":      "TR|Europe/Istanbul",                                                                                                                                                     // Turkey
	"91":      "IN|Asia/Kolkata",                                                                                                                                                        // India
	"92":      "PK|Asia/Karachi",                                                                                                                                                        // Pakistan
	"93":      "AF|Asia/Kabul",                                                                                                                                                          // Afghanistan
	"94":      "LK|Asia/Colombo",                                                                                                                                                        // Sri Lanka
	"95":      "MM|Asia/Yangon",                                                                                                                                                         // Myanmar
	"960":     "MV|Indian/Maldives",                                                                                                                                                     // Maldives
	"961":     "LB|Asia/Beirut",                                                                                                                                                         // Lebanon
	"962":     "JO|Asia/Amman",                                                                                                                                                          // Jordan
	"963":     "SY|Asia/Damascus",                                                                                                                                                       // Syria
	"964":     "IQ|Asia/Baghdad",                                                                                                                                                        // Iraq
	"965":     "KW|Asia/Kuwait",                                                                                                                                                         // Kuwait
	"966":     "SA|Asia/Riyadh",                                                                                                                                                         // Saudi Arabia
	"967":     "YE|Asia/Aden",                                                                                                                                                           // Yemen
	"968":     "OM|Asia/Muscat",                                                                                                                                                         // Oman
	"970":     "PS|Asia/Gaza+Asia/Hebron",                                                                                                                                               // Palestine
	"971":     "AE|Asia/Dubai",                                                                                                                                                          // United Arab Emirates
	"972":     "IL|Asia/Jerusalem",                                                                                                                                                      // Israel
	"973":     "BH|Asia/Bahrain",                                                                                                                                                        // Bahrain
	"974":     "QA|Asia/Qatar",                                                                                                                                                          // Qatar
	"975":     "BT|Asia/Thimphu",                                                                                                                                                        // Bhutan
	"976":     "MN|Asia/Hovd+Asia/Ulaanbaatar",                                                                                                                                          // Mongolia
	"977":     "NP|Asia/Kathmandu",                                                                                                                                                      // Nepal
	"98":      "IR|Asia/Tehran",                                                                                                                                                         // Iran
	"992":     "TJ|Asia/Dushanbe",                                                                                                                                                       // Tajikistan
	"993":     "TM|Asia/Ashgabat",                                                                                                                                                       // Turkmenistan
	"994":     "AZ|Asia/Baku",                                                                                                                                                           // Azerbaijan
	"995":     "GE|Asia/Tbilisi",                                                                                                                                                        // Georgia
	"996":     "KG|Asia/Bishkek",                                                                                                                                                        // Kyrgyzstan
	"998":     "UZ|Asia/Tashkent",                                                                                                                                                       // Uzbekistan
}
