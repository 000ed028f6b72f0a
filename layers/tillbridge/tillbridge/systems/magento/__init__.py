"""Magento 2 Open Source and Adobe Commerce over REST (facts/magento.md)."""
