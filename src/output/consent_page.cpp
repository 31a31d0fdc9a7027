#include "bqconn/output/consent_page.hpp"

#include <string>
#include <string_view>

#include "bqconn/crypto/encoding.hpp"

namespace bqconn::output {
namespace {

constexpr std::string_view style =
    ":root{color-scheme:light dark}"
    "body{margin:0;padding:3rem 1.5rem;font:1.125rem/1.6 system-ui,sans-serif;"
    "background:#fff;color:#1a1a1a}"
    "main{max-width:36rem;margin:0 auto}"
    "h1{font-size:1.75rem;line-height:1.25;margin:0 0 1rem}"
    "p{margin:0 0 1rem}"
    "@media(prefers-color-scheme:dark){body{background:#16181d;color:#f2f2f2}}";

http::Page page(int status, std::string_view title, std::string_view text) {
    // The one style sheet that the browser is to take, by its hash.
    static const std::string policy = "default-src 'none'; style-src 'sha256-" +
                                      crypto::base64(crypto::sha256(style)) +
                                      "'; base-uri 'none'; form-action 'none'; "
                                      "frame-ancestors 'none'";
    std::string html = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
    html += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
    html.append("<title>").append(title).append(" - bqconn</title>\n");
    html.append("<style>").append(style).append("</style>\n</head>\n<body>\n<main>\n");
    html.append("<h1>").append(title).append("</h1>\n");
    html.append("<p>").append(text).append("</p>\n</main>\n</body>\n</html>\n");
    return {status, std::move(html), policy};
}

}  // namespace

http::Page consent_done() {
    return page(200, "Access granted",
                "bqconn has its refresh token. You can close this window and go back to the "
                "terminal.");
}

http::Page consent_refused() {
    return page(200, "Access not granted",
                "Google gave bqconn no access, and nothing was stored. The terminal says more; you "
                "can close this window.");
}

http::Page consent_failed() {
    return page(200, "That did not work",
                "Access was granted, but bqconn could not finish. The terminal says why and what "
                "to do next; you can close this window.");
}

http::Page not_our_consent() {
    return page(400, "Not a page of this consent",
                "This address does not belong to the consent that bqconn waits for. Open the "
                "address that the terminal shows.");
}

}  // namespace bqconn::output
