#include "bqconn/http/transport.hpp"

#include "bqconn/core/text.hpp"

namespace bqconn::http {

std::string_view name_of(Method method) {
    switch (method) {
        case Method::get:
            return "GET";
        case Method::post:
            return "POST";
        case Method::patch:
            return "PATCH";
        case Method::del:
            return "DELETE";
    }
    return "";
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
