#include "bqconn/output/consent_page.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "bqconn/crypto/encoding.hpp"

namespace bqconn::output {
namespace {

constexpr std::string_view style_sheet =
    ":root{color-scheme:light dark}"
    "body{margin:0;padding:3rem 1.5rem;font:1.125rem/1.6 system-ui,sans-serif;"
    "background:#fff;color:#1a1a1a}"
    "main{max-width:36rem;margin:0 auto}"
    "h1{font-size:1.75rem;line-height:1.25;margin:0 0 1rem}"
    "p{margin:0 0 1rem}"
    "@media(prefers-color-scheme:dark){body{background:#16181d;color:#f2f2f2}}";

struct Text {
    int status;
    std::string_view title;
    std::string_view text;
};

// In the order of the enumerators.
constexpr std::array<Text, 4> texts{
    {{200, "Access granted",
      "bqconn has received a refresh token. You can close this window and return to the "
      "terminal."},
     {200, "Access not granted",
      "Google did not grant access, and nothing was stored. See the terminal for details; you can "
      "close this window."},
     {200, "Something went wrong",
      "Access was granted, but bqconn could not finish. See the terminal for the reason and what "
      "to do next; you can close this window."},
     {400, "Unexpected request",
      "This address does not belong to the consent request that bqconn is waiting for. Open the "
      "address shown in the terminal."}}};

}  // namespace

http::Page consent_page(Consent consent) {
    const auto& [status, title, text] = texts[static_cast<std::size_t>(consent)];
    // Allows only this style sheet, by its hash.
    static const std::string policy = "default-src 'none'; style-src 'sha256-" +
                                      crypto::base64(crypto::sha256(style_sheet)) +
                                      "'; base-uri 'none'; form-action 'none'; "
                                      "frame-ancestors 'none'";
    std::string html = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
    html += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
    html.append("<title>").append(title).append(" - bqconn</title>\n");
    html.append("<style>").append(style_sheet).append("</style>\n</head>\n<body>\n<main>\n");
    html.append("<h1>").append(title).append("</h1>\n");
    html.append("<p>").append(text).append("</p>\n</main>\n</body>\n</html>\n");
    return {status, std::move(html), policy};
}

}  // namespace bqconn::output
