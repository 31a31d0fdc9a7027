// The pages a browser shows after Google's consent page: fixed text without scripts, containing
// nothing from the request.
#pragma once

#include "bqconn/http/loopback_listener.hpp"

namespace bqconn::output {

enum class Consent {
    done,        // the token was received and stored
    refused,     // by the user or by Google
    failed,      // access was granted, but a later step failed
    unexpected,  // the request did not come from this run's consent page
};

http::Page consent_page(Consent consent);

}  // namespace bqconn::output
