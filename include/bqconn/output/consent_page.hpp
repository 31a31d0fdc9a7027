// The pages a browser shows after Google's consent page: fixed text without scripts, containing
// nothing from the request.
#pragma once

#include "bqconn/http/loopback_listener.hpp"

namespace bqconn::output {

http::Page consent_done();        // the token was received and stored
http::Page consent_refused();     // by the user or by Google
http::Page consent_failed();      // access was granted, but a later step failed
http::Page unexpected_request();  // not from this run's consent page

}  // namespace bqconn::output
