// What a browser shows at the end of Google's consent: pages of our own, without scripts, that hold
// nothing of what the browser came with.
#pragma once

#include "bqconn/http/loopback_listener.hpp"

namespace bqconn::output {

http::Page consent_done();     // the token is there, and stored where it is to be
http::Page consent_refused();  // by the user, or by Google
http::Page consent_failed();   // it was given, but came to nothing
http::Page not_our_consent();  // a request that no consent of this run brought about

}  // namespace bqconn::output
