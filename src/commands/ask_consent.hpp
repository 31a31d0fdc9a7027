// Asks a person for Google's consent: in the browser of this machine, or by an address that is
// pasted.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "bqconn/auth/google_token.hpp"
#include "bqconn/commands/context.hpp"

namespace bqconn::commands {

struct ConsentRequest {
    std::string auth_url;
    std::string client_id;
    std::chrono::milliseconds patience;  // with a browser
};

// What is made of a consent. Throws Error.
using Finish = std::function<void(const auth::CodeExchange& exchange)>;

// Both throw Error (auth) where no access is given, and what `finish` throws. The browser is told
// what became of it only then.
void ask_in_browser(Context& context, const ConsentRequest& request, const Finish& finish);
void ask_for_address(Context& context, const ConsentRequest& request, const Finish& finish);

}  // namespace bqconn::commands
