// What each result of libcurl means to a user: one table, walked over by a test.
//
//   network.dns       a name cannot be resolved
//   network.connect   nothing listens there, or the way is barred
//   network.proxy     the proxy refuses, or its setting is wrong
//   network.timeout   --connect-timeout or --timeout is over
//   network.reset     the connection broke before a whole answer came
//   network.truncated the answer ended before the length that it announced
//   network.protocol  what came is no HTTP answer
//   network.other     anything else that stopped the call
//   tls.certificate   the server's certificate is not accepted
//   tls.handshake     no agreement on TLS
//   tls.ca_file       the file of trusted roots cannot be used
// and, not from here, http.answer_too_large, http.header_invalid, http.url_invalid, interrupted.
#pragma once

#include <string>
#include <string_view>

#include "bqconn/core/exit_code.hpp"
#include "bqconn/http/transport.hpp"

namespace bqconn::http {

struct Failure {
    std::string_view code;
    ExitCode exit_code = ExitCode::network;
    std::string_view what;  // goes before "HOST:PORT"
    std::string_view hint;
    Sent sent = Sent::maybe;  // as asked
};

// `curl_code` is a CURLcode other than CURLE_OK, known to us or not. `may_have_left`: the request
// was about to be written when it failed, or later. It alone decides `sent`.
Failure classify(int curl_code, bool may_have_left);

// libcurl's own reason, if it is fit to be shown: its messages about a proxy's setting quote it
// with user name and password, so none that speaks of a proxy is. Inert, one line; may be empty.
std::string reason_to_show(int curl_code, std::string_view error_buffer);

}  // namespace bqconn::http
