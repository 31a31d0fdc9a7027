#include "bqconn/http/transport.hpp"

#include <array>

#include "bqconn/core/text.hpp"

namespace bqconn::http {

std::string_view name_of(Method method) {
    constexpr std::array<std::string_view, 4> names{"GET", "POST", "PATCH", "DELETE"};
    return names.at(static_cast<std::size_t>(method));
}

Secret bearer(const Secret& access_token) {
    return Secret("Bearer " + access_token.reveal());
}

Request form_request(std::string url, const Pairs& form, Retry retry) {
    Request request;
    request.method = Method::post;
    request.retry = retry;
    request.url = std::move(url);
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                       {"Accept", "application/json"}};
    request.body = Secret(encode_pairs(form));
    return request;
}

std::string Response::header(std::string_view name) const {
    const std::string wanted = to_lower_ascii(name);
    for (auto at = headers.rbegin(); at != headers.rend(); ++at) {
        if (to_lower_ascii(at->name) == wanted) {
            return at->value;
        }
    }
    return {};
}

}  // namespace bqconn::http
