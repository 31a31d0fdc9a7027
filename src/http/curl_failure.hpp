// From what libcurl reports, and what the exchange saw, to the error that the caller gets.
#pragma once

#include <curl/curl.h>

#include "bqconn/http/url.hpp"
#include "curl_exchange.hpp"
#include "curl_handle.hpp"

namespace bqconn::http {

// Throws TransportError. Its message names host and port; never a header, the query, or anything of
// a proxy's user name and password.
[[noreturn]] void throw_failure(CURLcode code, const CurlEasy& easy, const Exchange& exchange,
                                const UrlParts& url);

}  // namespace bqconn::http
