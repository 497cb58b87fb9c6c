/** Pictures that try what SVG can: each should leave a picture, or none, that does nothing. */
export const hostilePictures = {
  active: `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 24 24" onload="pwned()">
    <script>pwned()</script><script href="https://evil.test/a.js"/>
    <style>@import "https://evil.test/b.css"; rect { fill: url(https://evil.test/c) } *{animation: x 1s}</style>
    <foreignObject width="24" height="24"><iframe xmlns="http://www.w3.org/1999/xhtml" src="https://evil.test/d"/><img xmlns="http://www.w3.org/1999/xhtml" src="x" onerror="pwned()"/></foreignObject>
    <image href="https://evil.test/e.png"/><image xlink:href="https://evil.test/f.png"/><feImage href="https://evil.test/g"/>
    <use href="https://evil.test/h.svg#x"/><use href="data:image/svg+xml,%3Csvg id='x' onload='pwned()'/%3E#x"/>
    <a href="javascript:pwned()" xlink:href="javascript:pwned()"><rect width="24" height="24" fill="red"/></a>
    <rect id="r" width="24" height="24" fill="url(https://evil.test/i)" style="background:url(https://evil.test/j)" onclick="pwned()" onmouseover="pwned()"/>
    <rect width="9" height="9" fill="u\\72l(https://evil.test/k)" filter="url(//evil.test/l#f)" mask="url('data:image/svg+xml,x#m')" cursor="url(https://evil.test/m),auto"/>
    <animate href="#r" attributeName="href" values="javascript:pwned()"/><set attributeName="onclick" to="pwned()"/>
    <linearGradient id="g" href="https://evil.test/n#g"/><path d="M0 0h9v9z" fill="url(#g)"/>
    <switch><foreignObject><body xmlns="http://www.w3.org/1999/xhtml" onload="pwned()"/></foreignObject></switch>
    <text><tspan>Mortise asks you this</tspan></text></svg>`,
  mutating: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><desc><svg><style><![CDATA[</style><img src=x onerror=pwned()>]]></style></svg></desc>
    <title><math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=pwned()&gt;"></title>
    <p id="</title><script>pwned()</script>"></p><rect width="24" height="24"/></svg>`,
  outside: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"/><img src="https://evil.test/o" onerror="pwned()"><script>pwned()</script>`,
}

/** What a picture that was cleaned may not hold. */
export const active =
  /script|foreignobject|<style|<image|<use|<a[ >]|<set|evil|javascript|pwned|\son\w+=|style=|data:.*data:|iframe|<img|<body/i
