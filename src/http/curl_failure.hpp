// Turns a libcurl failure into the caller's error.
#pragma once

#include <curl/curl.h>

#include "bqconn/http/url.hpp"
#include "curl_exchange.hpp"
#include "curl_handle.hpp"

namespace bqconn::http {

// Throws TransportError. Its message names host and port; never a header, the query, or a proxy's
// user name or password.
[[noreturn]] void throw_failure(CURLcode code, const CurlEasy& easy, const Exchange& exchange,
                                const UrlParts& url);

}  // namespace bqconn::http
