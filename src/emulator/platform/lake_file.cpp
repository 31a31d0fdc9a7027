#include "emulator/platform/lake_file.hpp"

#include <set>
#include <stdexcept>

#include "emulator/document.hpp"
#include "emulator/platform/xdm.hpp"
#include "emulator/samples.hpp"
#include "emulator/server/message.hpp"

namespace bqconn::emulator {
namespace {

// The "id", which must be new.
void check_id(const Json& document, std::size_t digits, const std::string& place,
              std::set<std::string>& known) {
    const auto id = json::string_at(document, "id");
    if (id.size() != digits || id.find_first_not_of("0123456789abcdef") != std::string::npos ||
        !known.insert(id).second) {
        refuse_at(place + ".id", "must be " + std::to_string(digits) +
                                     " lower-case hexadecimal digits, and unique");
    }
}

}  // namespace

Lake read_lake(std::string_view text, const std::string& source) {
    constexpr std::size_t schema_digits = 32;
    constexpr std::size_t dataset_digits = 24;
    const Json document = parse_document(text, source);
    Lake lake{.tenant = json::string_at(document, "tenant"),
              .schemas = array_at(document, "schemas", source),
              .datasets = array_at(document, "datasets", source)};
    if (!is_word(lake.tenant, {})) {
        refuse_at(source + ": tenant", "must consist of letters and digits");
    }
    std::set<std::string> ids;
    std::set<std::string> titles;
    for (std::size_t i = 0; i < lake.schemas.size(); ++i) {
        Json& schema = lake.schemas[i];
        const std::string place = element(source + ": schemas", i);
        check_id(schema, schema_digits, place, ids);
        titles.insert(name_at(schema, "title", place, "a title"));
        schema["type"] = "object";
        try {
            full_form(schema, find_standard_xdm);
        } catch (const std::invalid_argument& error) {
            refuse_at(place, error.what());
        }
    }
    for (std::size_t i = 0; i < lake.datasets.size(); ++i) {
        const Json& dataset = lake.datasets[i];
        const std::string place = element(source + ": datasets", i);
        check_id(dataset, dataset_digits, place, ids);
        name_at(dataset, "name", place, "a name");
        if (!titles.contains(json::string_at(dataset, "schema"))) {
            refuse_at(place + ".schema", "must be the title of one of the schemas");
        }
    }
    return lake;
}

const Lake& sample_lake() {
    static const Lake lake = read_lake(lake_sample, "the built-in data lake");
    return lake;
}

}  // namespace bqconn::emulator
