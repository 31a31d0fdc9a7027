#include "bqconn/flow/sandboxes.hpp"

#include "bqconn/flow/pages.hpp"

namespace bqconn::flow {

std::vector<Sandbox> read_sandboxes(FlowService& service, Pages pages) {
    constexpr Subject of_sandboxes{"the list of sandboxes", "bad_response.sandboxes"};
    std::vector<Sandbox> sandboxes;
    read_pages(service, {"/", {}, of_sandboxes, "sandboxes", Api::sandboxes},
               [&](const json::Json& items, const http::Response& response) {
                   for (const auto& item : items) {
                       Sandbox one{json::string_at(item, "name"), json::string_at(item, "title"),
                                   json::string_at(item, "type"), json::string_at(item, "state"),
                                   json::string_at(item, "region")};
                       if (one.name.empty()) {
                           throw unusable(response, of_sandboxes, "an item has no name");
                       }
                       const auto is_default = item.find("isDefault");
                       one.is_default = is_default != item.end() && is_default->is_boolean() &&
                                        is_default->get<bool>();
                       sandboxes.push_back(std::move(one));
                   }
                   return pages == Pages::all;
               });
    return sandboxes;
}

}  // namespace bqconn::flow
