package optin_test

// hostile is a programs.yaml with brands that are hard on a page: names of 60 characters without a space, of markup,
// and in a script that is written from right to left.
const hostile = `
sign_up: {captcha: {cost: 1000}}
brands:
  - id: example
    name: Example Corp.
    region: US
    terms: https://example.com/terms
    privacy: https://example.com/privacy
    color: "#0b5fff"
    origins: [https://www.example.com]
    programs:
      - id: alerts
        class: promotional
        identity: {number: "+12065550100"}
        opt_out_list: Default
        topics: [{id: alerts, name: alerts, keyword: JOIN, frequency: 2 per month, help: {email: help@example.com}}]
      - id: orders
        class: transactional
        identity: {number: "+12065550101"}
        opt_out_list: orders
        topics: [{id: orders, name: orders, keyword: ORDERS, help: {email: help@example.com}}]
  - id: examplecafe
    name: Example Cafe
    region: US
    terms: https://cafe.example.com/terms
    privacy: https://cafe.example.com/privacy
    color: "#8a3b12"
    countries: [US]
    programs:
      - id: specials
        class: promotional
        identity: {number: "+12065550110"}
        opt_out_list: specials
        topics: [{id: specials, name: weekly specials, keyword: CAFE, frequency: 1 per week, help: {email: hello@cafe.example.com}}]
  - id: long
    name: Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauuntb
    region: DE
    color: "#fff2a8"
    programs:
      - id: news
        class: promotional
        identity: {short_code: "12345", international: yes}
        opt_out_list: news
        topics:
          - {id: a, name: Rindfleischetikettierungsüberwachungsauf, frequency: 2 per month, help: {email: help@example.com}}
          - {id: b, name: news, frequency: 100 per day, help: {email: help@example.com}}
          - {id: c, name: offers, frequency: 1 per year, help: {email: help@example.com}}
  - id: rtl
    name: شركة المثال للتجارة
    region: AE
    color: "#007a3d"
    programs:
      - id: offers
        class: promotional
        identity: {number: "+12065550130"}
        opt_out_list: rtl
        topics: [{id: rtl, name: عروض الأسبوع, keyword: OFFERS, frequency: 1 per week, help: {email: help@example.com}}]
  - id: markup
    name: '"><script>alert(1)</script><b a=''x'
    region: US
    programs:
      - id: markup
        class: promotional
        identity: {number: "+12065550140"}
        opt_out_list: markup
        topics: [{id: markup, name: '</p><img src=x onerror=alert(1)>{{.}} *', keyword: EVIL, frequency: 1 per week, help: {email: help@example.com}}]
`
