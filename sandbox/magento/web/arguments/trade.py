"""Types of what is written to carts, orders and customers. Each entry lists fields as ``name:type``."""

TYPES = {
    "checkout-data-shipping-information-interface": (
        "billing_address:quote-data-address-interface custom_attributes:[framework-attribute-interface] "
        "extension_attributes:{} shipping_address:quote-data-address-interface shipping_carrier_code:str "
        "shipping_method_code:str"
    ),
    "customer-data-address-interface": (
        "city:str company:str country_id:str custom_attributes:[framework-attribute-interface] customer_id:int "
        "default_billing:bool default_shipping:bool extension_attributes:{} fax:str firstname:str id:int "
        "lastname:str middlename:str postcode:str prefix:str region:customer-data-region-interface region_id:int "
        "street:[str] suffix:str telephone:str vat_id:str"
    ),
    "customer-data-customer-extension-interface": "assistance_allowed:int is_subscribed:bool",
    "customer-data-customer-interface": (
        "addresses:[customer-data-address-interface] confirmation:str created_at:str created_in:str "
        "custom_attributes:[framework-attribute-interface] default_billing:str default_shipping:str "
        "disable_auto_group_change:int dob:str email:str "
        "extension_attributes:customer-data-customer-extension-interface firstname:str gender:int group_id:int "
        "id:int lastname:str middlename:str prefix:str store_id:int suffix:str taxvat:str updated_at:str "
        "website_id:int"
    ),
    "customer-data-region-interface": "extension_attributes:{} region:str region_code:str region_id:int",
    "quote-data-address-extension-interface": "discounts:[any] pickup_location_code:str",
    "quote-data-address-interface": (
        "city:str company:str country_id:str custom_attributes:[framework-attribute-interface] "
        "customer_address_id:int customer_id:int email:str "
        "extension_attributes:quote-data-address-extension-interface fax:str firstname:str id:int lastname:str "
        "middlename:str postcode:str prefix:str region:str region_code:str region_id:int same_as_billing:int "
        "save_in_address_book:int street:[str] suffix:str telephone:str vat_id:str"
    ),
    "quote-data-cart-item-extension-interface": "discounts:[any]",
    "quote-data-cart-item-interface": (
        "extension_attributes:quote-data-cart-item-extension-interface item_id:int name:str price:float "
        "product_option:quote-data-product-option-interface product_type:str qty:float quote_id:str sku:str"
    ),
    "quote-data-payment-interface": "additional_data:[str] extension_attributes method:str po_number:str",
    "quote-data-product-option-extension-interface": (
        "bundle_options "
        "configurable_item_options:[configurable-product-data-configurable-item-option-value-interface] "
        "custom_options:[any] downloadable_option grouped_options:[any]"
    ),
    "quote-data-product-option-interface": "extension_attributes:quote-data-product-option-extension-interface",
    "sales-data-creditmemo-comment-creation-interface": ("comment:str extension_attributes:{} is_visible_on_front:int"),
    "sales-data-creditmemo-creation-arguments-extension-interface": "return_to_stock_items:[int]",
    "sales-data-creditmemo-creation-arguments-interface": (
        "adjustment_negative:float adjustment_positive:float "
        "extension_attributes:sales-data-creditmemo-creation-arguments-extension-interface shipping_amount:float"
    ),
    "sales-data-creditmemo-item-creation-interface": "extension_attributes:{} order_item_id:int qty:float",
    "sales-data-invoice-comment-creation-interface": "comment:str extension_attributes:{} is_visible_on_front:int",
    "sales-data-invoice-creation-arguments-interface": "extension_attributes:{}",
    "sales-data-invoice-item-creation-interface": "extension_attributes:{} order_item_id:int qty:float",
    "sales-data-order-interface": (
        "adjustment_negative:float adjustment_positive:float applied_rule_ids:str base_adjustment_negative:float "
        "base_adjustment_positive:float base_currency_code:str base_discount_amount:float "
        "base_discount_canceled:float base_discount_invoiced:float base_discount_refunded:float "
        "base_discount_tax_compensation_amount:float base_discount_tax_compensation_invoiced:float "
        "base_discount_tax_compensation_refunded:float base_grand_total:float base_shipping_amount:float "
        "base_shipping_canceled:float base_shipping_discount_amount:float "
        "base_shipping_discount_tax_compensation_amnt:float base_shipping_incl_tax:float "
        "base_shipping_invoiced:float base_shipping_refunded:float base_shipping_tax_amount:float "
        "base_shipping_tax_refunded:float base_subtotal:float base_subtotal_canceled:float "
        "base_subtotal_incl_tax:float base_subtotal_invoiced:float base_subtotal_refunded:float "
        "base_tax_amount:float base_tax_canceled:float base_tax_invoiced:float base_tax_refunded:float "
        "base_to_global_rate:float base_to_order_rate:float base_total_canceled:float base_total_due:float "
        "base_total_invoiced:float base_total_invoiced_cost:float base_total_offline_refunded:float "
        "base_total_online_refunded:float base_total_paid:float base_total_qty_ordered:float "
        "base_total_refunded:float billing_address billing_address_id:int can_ship_partially:int "
        "can_ship_partially_item:int coupon_code:str created_at:str customer_dob:str customer_email:str "
        "customer_firstname:str customer_gender:int customer_group_id:int customer_id:int customer_is_guest:int "
        "customer_lastname:str customer_middlename:str customer_note:str customer_note_notify:int "
        "customer_prefix:str customer_suffix:str customer_taxvat:str discount_amount:float discount_canceled:float "
        "discount_description:str discount_invoiced:float discount_refunded:float "
        "discount_tax_compensation_amount:float discount_tax_compensation_invoiced:float "
        "discount_tax_compensation_refunded:float edit_increment:int email_sent:int entity_id:int "
        "ext_customer_id:str ext_order_id:str extension_attributes forced_shipment_with_invoice:int "
        "global_currency_code:str grand_total:float hold_before_state:str hold_before_status:str increment_id:str "
        "is_virtual:int items:[any] order_currency_code:str original_increment_id:str payment "
        "payment_auth_expiration:int payment_authorization_amount:float protect_code:str quote_address_id:int "
        "quote_id:int relation_child_id:str relation_child_real_id:str relation_parent_id:str "
        "relation_parent_real_id:str remote_ip:str shipping_amount:float shipping_canceled:float "
        "shipping_description:str shipping_discount_amount:float shipping_discount_tax_compensation_amount:float "
        "shipping_incl_tax:float shipping_invoiced:float shipping_refunded:float shipping_tax_amount:float "
        "shipping_tax_refunded:float state:str status:str "
        "status_histories:[sales-data-order-status-history-interface] store_currency_code:str store_id:int "
        "store_name:str store_to_base_rate:float store_to_order_rate:float subtotal:float subtotal_canceled:float "
        "subtotal_incl_tax:float subtotal_invoiced:float subtotal_refunded:float tax_amount:float "
        "tax_canceled:float tax_invoiced:float tax_refunded:float total_canceled:float total_due:float "
        "total_invoiced:float total_item_count:int total_offline_refunded:float total_online_refunded:float "
        "total_paid:float total_qty_ordered:float total_refunded:float updated_at:str weight:float "
        "x_forwarded_for:str"
    ),
    "sales-data-order-status-history-interface": (
        "comment:str created_at:str entity_id:int entity_name:str extension_attributes:{} is_customer_notified:int "
        "is_visible_on_front:int parent_id:int status:str"
    ),
    "sales-data-shipment-comment-creation-interface": ("comment:str extension_attributes:{} is_visible_on_front:int"),
    "sales-data-shipment-creation-arguments-extension-interface": "source_code:str",
    "sales-data-shipment-creation-arguments-interface": (
        "extension_attributes:sales-data-shipment-creation-arguments-extension-interface"
    ),
    "sales-data-shipment-item-creation-interface": "extension_attributes:{} order_item_id:int qty:float",
    "sales-data-shipment-track-creation-interface": (
        "carrier_code:str extension_attributes:{} title:str track_number:str"
    ),
    "sales-data-shipment-track-interface": (
        "carrier_code:str created_at:str description:str entity_id:int extension_attributes:{} order_id:int "
        "parent_id:int qty:float title:str track_number:str updated_at:str weight:float"
    ),
    "sales-rule-data-rule-interface": (
        "action_condition apply_to_shipping:bool condition coupon_type:str customer_group_ids:[int] "
        "description:str discount_amount:float discount_qty:float discount_step:int extension_attributes:{} "
        "from_date:str is_active:bool is_advanced:bool is_rss:bool name:str product_ids:[int] rule_id:int "
        "simple_action:str simple_free_shipping:str sort_order:int stop_rules_processing:bool store_labels:[any] "
        "times_used:int to_date:str use_auto_generation:bool uses_per_coupon:int uses_per_customer:int "
        "website_ids:[int]"
    ),
}
