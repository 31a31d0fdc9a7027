// Maps each libcurl result to an error for the user. A test covers the whole table.
//
//   network.dns       a name cannot be resolved
//   network.connect   connection refused or blocked
//   network.proxy     the proxy cannot be reached or refuses, or its setting is wrong
//   network.timeout   --connect-timeout or --timeout expired
//   network.reset     connection lost before a complete response
//   network.truncated the response is shorter than announced
//   network.protocol  invalid HTTP response
//   network.other     any other failure
//   tls.certificate   certificate verification failed
//   tls.handshake     TLS handshake failed
//   tls.ca_file       the file of trusted roots cannot be used
// and, from elsewhere, http.answer_too_large, http.header_invalid, http.url_invalid, interrupted.
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
    Sent sent = Sent::maybe;
};

// `curl_code` is any CURLcode other than CURLE_OK. `may_have_left`: the request was about to be
// written when it failed, or later; it alone decides `sent`. `only_reads`: the request changes
// nothing, so it may be sent again.
Failure classify(int curl_code, bool may_have_left, bool only_reads = false);

// libcurl's own reason if it is safe to show: messages about a proxy may quote its user name and
// password, so they are replaced. Inert, one line; may be empty.
std::string reason_to_show(int curl_code, std::string_view error_buffer);

}  // namespace bqconn::http
